package dataset

import (
	"fmt"
	"io"
)

// FileFormat is a format that a table can be written in.
type FileFormat string

// Formats of files.
const (
	SAV     FileFormat = "sav" // SPSS
	TripleS FileFormat = "sss" // an archive of two files
	DDI     FileFormat = "ddi" // describes the SPSS file
)

// FileFormats returns all formats.
func FileFormats() []FileFormat { return []FileFormat{SAV, TripleS, DDI} }

// Write writes a table in a format.
func (t Table) Write(w io.Writer, f FileFormat) error {
	switch f {
	case SAV:
		return t.WriteSAV(w)
	case TripleS:
		return t.WriteTripleS(w)
	case DDI:
		return t.WriteDDI(w)
	}
	return fmt.Errorf("dataset: unknown format %q", f)
}

// File is the name of a table's file in a format.
func (t Table) File(f FileFormat) string {
	return validFile(t.Name) + map[FileFormat]string{SAV: ".sav", TripleS: ".sss.zip", DDI: ".ddi.xml"}[f]
}

// MediaType is what the web calls a format.
func (f FileFormat) MediaType() string {
	return map[FileFormat]string{SAV: "application/x-spss-sav", TripleS: "application/zip", DDI: "application/xml"}[f]
}
