package plugin

import (
	"errors"

	"github.com/containernetworking/cni/pkg/skel"
	cnitypes "github.com/containernetworking/cni/pkg/types"
)

// InFull keeps what was said around a delegate's error: skel would hand on the innermost CNI error alone, and the pod's
// event would read "Link not found" without pod, network and plugin.
func InFull(run func(*skel.CmdArgs) error) func(*skel.CmdArgs) error {
	return func(args *skel.CmdArgs) error {
		err := run(args)
		var inner *cnitypes.Error
		if errors.As(err, &inner) {
			return cnitypes.NewError(inner.Code, err.Error(), inner.Details)
		}
		return err
	}
}
