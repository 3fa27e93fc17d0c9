// Package dataset is a table of answers with its labels, and its files for statistics
// programs: SPSS (.sav), Triple-S and DDI-Codebook. It knows nothing of surveys, and
// imports nothing of this module; files go to a writer.
package dataset
