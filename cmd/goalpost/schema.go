package main

import (
	"embed"
	"io/fs"
	"path"
	"strings"

	"goalpost"
)

//go:embed schema/*.json
var schemas embed.FS

// schemaCommand prints the JSON Schema of a command's output.
type schemaCommand struct {
	Command string `arg:"" help:"${h_schema_command}"`
}

// Run prints the schema.
func (c *schemaCommand) Run(p *program) error {
	data, err := schemas.ReadFile(path.Join("schema", path.Base(c.Command)+".json"))
	if err != nil {
		names, err := fs.Glob(schemas, "schema/*.json")
		if err != nil {
			return err
		}
		for i, n := range names {
			names[i] = strings.TrimSuffix(path.Base(n), ".json")
		}
		return goalpost.Errorf(goalpost.NotFound, "error.flag.no-schema", goalpost.TextArg(c.Command), goalpost.TextArg(strings.Join(names, ", ")))
	}
	return p.print("%s", data)
}
