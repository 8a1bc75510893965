package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/containernetworking/cni/libcni"
	"github.com/containernetworking/cni/pkg/skel"
	cnitypes "github.com/containernetworking/cni/pkg/types"
)

// Status says whether the cluster's network can take pods; the other networks are the pods' own matter.
func Status(args *skel.CmdArgs) error {
	conf, err := loadConfig(args.StdinData)
	if err != nil {
		return err
	}
	first, err := conf.defaultDelegate(args.IfName)
	if err != nil {
		return err
	}
	list, err := first.List()
	if err != nil {
		return err
	}
	return newCNI(conf).GetStatusNetworkList(context.Background(), list)
}

// GC takes away what belongs to sandboxes that the runtime no longer knows, on every network they were attached to.
func GC(args *skel.CmdArgs) error {
	conf, err := loadConfig(args.StdinData)
	if err != nil {
		return err
	}
	valid := map[string]bool{}
	for _, attachment := range conf.ValidAttachments {
		valid[attachment.ContainerID] = true
	}
	return errors.Join(collectStates(conf, valid), collectDefault(conf))
}

func collectStates(conf *config, valid map[string]bool) error {
	entries, err := os.ReadDir(conf.CNIDir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	var faults []error
	for _, entry := range entries {
		if entry.IsDir() || valid[entry.Name()] {
			continue
		}
		// The network namespace of a forgotten sandbox is gone; plugins take an empty one as that (CNI spec, DEL).
		args := &skel.CmdArgs{ContainerID: entry.Name()}
		saved := stateOf(conf, entry.Name())
		delegates, err := saved.load()
		if err == nil {
			err = newRunner(conf, args, &pod{args: [][2]string{{"IgnoreUnknown", "true"}}}).delAll(context.Background(), delegates)
		}
		if err == nil {
			err = saved.remove()
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("sandbox %s: %w", entry.Name(), err))
		}
	}
	return errors.Join(faults...)
}

func collectDefault(conf *config) error {
	first, err := conf.defaultDelegate("")
	if err != nil {
		return err
	}
	list, err := first.List()
	if err != nil {
		return err
	}
	valid := append([]cnitypes.GCAttachment{}, conf.ValidAttachments...)
	return newCNI(conf).GCNetworkList(context.Background(), list, &libcni.GCArgs{ValidAttachments: valid})
}
