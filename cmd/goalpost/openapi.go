package main

import "goalpost/web"

// openapiCommand prints the description of the API.
type openapiCommand struct{}

// Run prints it.
func (openapiCommand) Run(p *program) error {
	data, err := web.OpenAPI()
	if err != nil {
		return err
	}
	return p.print("%s", data)
}
