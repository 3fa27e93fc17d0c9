package main

import (
	"strings"

	"goalpost"
	"goalpost/document"
)

// schemaCommand prints the JSON Schema of a command's output.
type schemaCommand struct {
	Command string `arg:"" help:"schema-command"`
}

// Run prints the schema.
func (c *schemaCommand) Run(p *program) error {
	data, err := document.Schema(c.Command)
	if err != nil {
		names, err := document.Schemas()
		if err != nil {
			return err
		}
		return goalpost.Errorf(goalpost.NotFound, "error.flag.no-schema", goalpost.TextArg(c.Command), goalpost.TextArg(strings.Join(names, ", ")))
	}
	return p.print("%s", data)
}
