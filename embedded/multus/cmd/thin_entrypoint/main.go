// Command thin_entrypoint installs the multus plugin on the node it runs on, keeps its configuration and credentials
// current, and takes the configuration away again when it is told to end.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"github.com/spf13/pflag"
	"golang.org/x/sys/unix"

	"multicast-lab/embedded/multus/internal/entrypoint"
)

func main() {
	// Before anything is written: a signal in the middle of the installation must still lead to the clean-up.
	ctx, stop := signal.NotifyContext(context.Background(), unix.SIGTERM, unix.SIGINT)
	defer stop()

	options, err := entrypoint.ParseOptions(os.Args[1:])
	if errors.Is(err, pflag.ErrHelp) {
		return
	}
	if err != nil {
		fail(2, err)
	}
	if err := entrypoint.Run(ctx, options); err != nil {
		fail(1, err)
	}
}

func fail(code int, err error) {
	fmt.Fprintf(os.Stderr, "thin_entrypoint: %v\n", err)
	os.Exit(code)
}
