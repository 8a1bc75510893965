package plugin

import (
	"context"
	"fmt"

	"github.com/containernetworking/cni/pkg/skel"

	"multicast-lab/embedded/multus/internal/delegate"
)

// Del takes the pod off all its networks by what ADD wrote down. It asks the API server nothing, and what is gone already
// is no error; an error leaves the state in place, so that the runtime's next DEL tries again.
func Del(args *skel.CmdArgs) error {
	conf, err := loadConfig(args.StdinData)
	if err != nil {
		return err
	}
	pod, err := podOf(args)
	if err != nil {
		return err
	}
	saved := stateOf(conf, args.ContainerID)
	delegates, err := addedDelegates(conf, args, saved)
	if err != nil {
		return fmt.Errorf("multus: %s: %w", pod, err)
	}
	if err := newRunner(conf, args, pod).delAll(context.Background(), delegates); err != nil {
		return fmt.Errorf("multus: %s: %w", pod, err)
	}
	return saved.remove()
}

// Check asks every network of the pod whether it still is as ADD left it.
func Check(args *skel.CmdArgs) error {
	conf, err := loadConfig(args.StdinData)
	if err != nil {
		return err
	}
	pod, err := podOf(args)
	if err != nil {
		return err
	}
	delegates, err := addedDelegates(conf, args, stateOf(conf, args.ContainerID))
	if err != nil {
		return fmt.Errorf("multus: %s: %w", pod, err)
	}
	runner := newRunner(conf, args, pod)
	for _, each := range delegates {
		if err := runner.check(context.Background(), each); err != nil {
			return fmt.Errorf("multus: %s: network %s, interface %s: %w", pod, each.Name, each.IfName, err)
		}
	}
	return nil
}

// addedDelegates are the sandbox's networks; without a state ADD never ran a plugin, and the cluster's network, whose DEL
// is idempotent, is all that can be there.
func addedDelegates(conf *config, args *skel.CmdArgs, saved state) ([]*delegate.Delegate, error) {
	delegates, err := saved.load()
	if err != nil || len(delegates) > 0 {
		return delegates, err
	}
	first, err := conf.defaultDelegate(args.IfName)
	if err != nil {
		return nil, err
	}
	return []*delegate.Delegate{first}, nil
}
