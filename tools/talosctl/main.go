// Talosctl is Talos's own client, with all commands but those that create local clusters: they need
// libraries of hypervisors and containers.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/siderolabs/talos/cmd/talosctl/cmd/talos"
	"github.com/siderolabs/talos/cmd/talosctl/pkg/talos/safeout"
	"github.com/siderolabs/talos/pkg/cli"
	"github.com/spf13/cobra"
)

func main() {
	root := &cobra.Command{
		Use:           "talosctl",
		Short:         "A CLI for out-of-band management of Kubernetes nodes created by Talos",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.AddCommand(talos.Commands...)
	_, err := cli.WithContextC(context.Background(), root.ExecuteContextC)
	if flushed := safeout.Flush(); err == nil {
		err = flushed
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
