// Package entrypoint installs the plugin on a node: the binary, the kubeconfig beside the CNI configuration, and the
// configuration that makes the runtime call the plugin before any other.
package entrypoint

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/pflag"
)

// Options are the flags of upstream's thin_entrypoint v4.3.0, with upstream's defaults.
type Options struct {
	CNIBinDir                string
	CNIConfDir               string
	CNIVersion               string
	MultusConfFile           string
	MultusBinFile            string
	MultusCNIConfDir         string
	SkipMultusBinaryCopy     bool
	MultusKubeConfigFileHost string
	MultusMasterCNIFileName  string
	NamespaceIsolation       bool
	GlobalNamespaces         string
	MultusAutoconfigDir      string
	MultusLogToStderr        bool
	MultusLogLevel           string
	MultusLogFile            string
	OverrideNetworkName      bool
	CleanupConfigOnExit      bool
	SkipConfigWatch          bool
	RenameConfFile           bool
	ReadinessIndicatorFile   string
	AdditionalBinDir         string

	// serviceAccountDir and apiServer come from the pod, not from flags.
	serviceAccountDir string
	apiServer         string
}

const autoConfig = "auto"

// ParseOptions reads the flags; an unknown one is an error.
func ParseOptions(arguments []string) (*Options, error) {
	o := &Options{serviceAccountDir: "/var/run/secrets/kubernetes.io/serviceaccount", apiServer: apiServerFromEnvironment()}
	fs := pflag.NewFlagSet("thin_entrypoint", pflag.ContinueOnError)
	o.addPathFlags(fs)
	o.addConfigFlags(fs)
	if err := fs.Parse(arguments); err != nil {
		return nil, err
	}
	if fs.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q; only flags are taken", fs.Arg(0))
	}
	return o, o.validate()
}

func (o *Options) addPathFlags(fs *pflag.FlagSet) {
	fs.StringVar(&o.CNIBinDir, "cni-bin-dir", "/host/opt/cni/bin", "the node's CNI plugin directory")
	fs.StringVar(&o.CNIConfDir, "cni-conf-dir", "/host/etc/cni/net.d", "the node's CNI configuration directory")
	fs.StringVar(&o.MultusBinFile, "multus-bin-file", "/usr/src/multus-cni/bin/multus", "the plugin to install")
	fs.StringVar(&o.MultusCNIConfDir, "multus-cni-conf-dir", "/host/etc/cni/multus/net.d", "directory of configurations that network definitions name")
	fs.BoolVar(&o.SkipMultusBinaryCopy, "skip-multus-binary-copy", false, "do not install the plugin")
	fs.StringVar(&o.MultusConfFile, "multus-conf-file", autoConfig, "configuration file to install, or auto to make one from the node's first configuration")
	fs.StringVar(&o.MultusAutoconfigDir, "multus-autoconfig-dir", "/host/etc/cni/net.d", "where auto looks for the node's first configuration")
	fs.StringVar(&o.MultusMasterCNIFileName, "multus-master-cni-file-name", "", "name of the configuration that auto takes instead of the first")
	fs.StringVar(&o.MultusKubeConfigFileHost, "multus-kubeconfig-file-host", "/etc/cni/net.d/multus.d/multus.kubeconfig", "the kubeconfig's path as the node sees it")
	fs.StringVar(&o.ReadinessIndicatorFile, "readiness-indicator-file", "", "file whose presence says that the cluster's network is up")
	fs.StringVar(&o.AdditionalBinDir, "additional-bin-dir", "", "further directory of CNI plugins")
}

func (o *Options) addConfigFlags(fs *pflag.FlagSet) {
	fs.StringVar(&o.CNIVersion, "cni-version", "", "CNI version that the node's first configuration must have")
	fs.BoolVar(&o.NamespaceIsolation, "namespace-isolation", false, "pods may only use networks of their own namespace")
	fs.StringVar(&o.GlobalNamespaces, "global-namespaces", "", "namespaces exempt from the isolation, comma separated")
	fs.BoolVar(&o.MultusLogToStderr, "multus-log-to-stderr", true, "the plugin logs to standard error")
	fs.StringVar(&o.MultusLogLevel, "multus-log-level", "", "debug, verbose, error or panic")
	fs.StringVar(&o.MultusLogFile, "multus-log-file", "", "the plugin's log file")
	fs.BoolVar(&o.OverrideNetworkName, "override-network-name", false, "take the first configuration's network name")
	fs.BoolVar(&o.CleanupConfigOnExit, "cleanup-config-on-exit", false, "remove the configuration at SIGTERM")
	fs.BoolVar(&o.SkipConfigWatch, "skip-config-watch", false, "do not follow changes of the node's configuration and of the credentials")
	fs.BoolVar(&o.RenameConfFile, "rename-conf-file", false, "rename the node's first configuration to NAME.old")
}

func (o *Options) validate() error {
	var faults []error
	if !slices.Contains([]string{"", "debug", "verbose", "error", "panic"}, o.MultusLogLevel) {
		faults = append(faults, fmt.Errorf("--multus-log-level must be debug, verbose, error or panic, got %q", o.MultusLogLevel))
	}
	if o.apiServer == "" {
		faults = append(faults, errors.New("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be set, as in every pod"))
	}
	faults = append(faults, mustExist("--cni-conf-dir", o.CNIConfDir), mustExist("--cni-bin-dir", o.CNIBinDir), mustExist("--multus-bin-file", o.MultusBinFile))
	if o.MultusConfFile != autoConfig {
		faults = append(faults, mustExist("--multus-conf-file", o.MultusConfFile))
	}
	return errors.Join(faults...)
}

func mustExist(flag, path string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return nil
}
