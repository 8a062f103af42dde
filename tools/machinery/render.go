package main

import (
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/encoder"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/constants"
)

// renderer holds one set of secrets for each Talos version: they take the most time to generate.
type renderer map[string]*secrets.Bundle

// render generates a configuration with the settings of the provider siderolabs/talos 0.11.0, and patches it.
func (r renderer) render(request Request) (string, error) {
	contract, err := config.ParseContractFromVersion(request.TalosVersion)
	if err != nil {
		return "", err
	}
	bundle, err := r.secrets(request.TalosVersion, contract)
	if err != nil {
		return "", err
	}
	role, err := machine.ParseType(request.MachineType)
	if err != nil {
		return "", err
	}

	input, err := generate.NewInput(
		request.ClusterName,
		request.Endpoint,
		strings.TrimPrefix(request.KubernetesVersion, "v"),
		generate.WithSecretsBundle(bundle),
		generate.WithVersionContract(contract),
		generate.WithClusterDiscovery(true),
		generate.WithDNSDomain(constants.DefaultDNSDomain),
		generate.WithInstallDisk("/dev/sda"),
		generate.WithInstallImage("ghcr.io/siderolabs/installer:v1.13.0"),
	)
	if err != nil {
		return "", err
	}
	generated, err := input.Config(role)
	if err != nil {
		return "", err
	}

	patches, err := configpatcher.LoadPatches(request.Patches)
	if err != nil {
		return "", err
	}
	patched, err := configpatcher.Apply(configpatcher.WithConfig(generated), patches)
	if err != nil {
		return "", err
	}
	result, err := patched.Config()
	if err != nil {
		return "", err
	}
	text, err := result.EncodeBytes(encoder.WithComments(encoder.CommentsDisabled))
	return string(text), err
}

func (r renderer) secrets(version string, contract *config.VersionContract) (*secrets.Bundle, error) {
	if known, ok := r[version]; ok {
		return known, nil
	}
	bundle, err := secrets.NewBundle(secrets.NewClock(), contract)
	if err != nil {
		return nil, err
	}
	r[version] = bundle
	return bundle, nil
}
