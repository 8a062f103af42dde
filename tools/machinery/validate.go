package main

import (
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
)

// validate loads and validates a configuration as a node does with one from its cloud.
func validate(text string) (warnings []string, err error) {
	loaded, err := configloader.NewFromBytes([]byte(text))
	if err != nil {
		return nil, err
	}
	return loaded.Validate(cloud{})
}

// cloud is the mode of a node that boots an installed disk image: it asks for no installation.
type cloud struct{}

func (cloud) String() string        { return "cloud" }
func (cloud) RequiresInstall() bool { return false }
func (cloud) InContainer() bool     { return false }
