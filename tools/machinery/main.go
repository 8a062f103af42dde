// Machinery validates machine configurations with Talos's own library.
//
// It reads one JSON object per line and answers each with one, in order. With the argument "keys" it
// prints the keys that the library knows instead.
// The go.mod it is built with decides the library: one minor of Talos.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Request is a configuration to validate, or the settings of one to render and validate.
type Request struct {
	Name string `json:"name"`

	// Configuration is validated unchanged; without one, the other fields say what to render.
	Configuration string `json:"configuration"`

	ClusterName       string   `json:"clusterName"`
	Endpoint          string   `json:"endpoint"`
	MachineType       string   `json:"machineType"`
	TalosVersion      string   `json:"talosVersion"`
	KubernetesVersion string   `json:"kubernetesVersion"`
	Patches           []string `json:"patches"`
}

// Answer is what a node of this Talos minor would say.
type Answer struct {
	Name     string   `json:"name"`
	OK       bool     `json:"ok"`
	Warnings []string `json:"warnings"`
	// Error is Talos's message; empty when the configuration is accepted.
	Error string `json:"error"`
	// Configuration is what was validated; empty when it could not be rendered.
	Configuration string `json:"configuration"`
}

func main() {
	run := func() error { return serve(os.Stdin, os.Stdout) }
	if len(os.Args) == 2 && os.Args[1] == "keys" {
		run = func() error { return printKeys(os.Stdout) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer) error {
	requests := json.NewDecoder(in)
	requests.DisallowUnknownFields()
	answers := json.NewEncoder(out)
	renderer := renderer{}

	for {
		var request Request
		if err := requests.Decode(&request); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading a request: %w", err)
		}
		if err := answers.Encode(answer(request, renderer)); err != nil {
			return err
		}
	}
}

func answer(request Request, renderer renderer) Answer {
	answer := Answer{Name: request.Name, Warnings: []string{}, Configuration: request.Configuration}
	if answer.Configuration == "" {
		rendered, err := renderer.render(request)
		if err != nil {
			answer.Error = err.Error()
			return answer
		}
		answer.Configuration = rendered
	}

	warnings, err := validate(answer.Configuration)
	answer.Warnings = append(answer.Warnings, warnings...)
	if err != nil {
		answer.Error = err.Error()
		return answer
	}
	answer.OK = true
	return answer
}
