// Package assess is the product: every number that a user sees is made here, one
// flow a file. It reads files through ingest, keeps them in store, and turns
// observations into verdicts with forecast; it never writes a page or a sentence.
//
//	import.go     a file becomes rows, with a report
//	kpi.go        a KPI of a period, with what was counted and what was not
//	observe.go    a KPI day by day, one source per account, metric and day
//	goals.go      goals become verdicts
//	alignment.go  goals without KPI, KPIs without goal
package assess
