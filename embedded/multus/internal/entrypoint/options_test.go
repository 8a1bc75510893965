package entrypoint

import (
	"strings"
	"testing"
)

func existing(t *testing.T, more ...string) []string {
	t.Setenv("KUBERNETES_SERVICE_HOST", "fd00::1")
	t.Setenv("KUBERNETES_SERVICE_PORT", "443")
	directory := t.TempDir()
	return append([]string{"--cni-conf-dir=" + directory, "--cni-bin-dir=" + directory, "--multus-bin-file=" + directory}, more...)
}

func TestFlagsAreUpstreams(t *testing.T) {
	options, err := ParseOptions(existing(t, "--multus-conf-file=auto", "--cleanup-config-on-exit", "--namespace-isolation=false", "--multus-log-level=debug"))
	if err != nil {
		t.Fatal(err)
	}
	if !options.CleanupConfigOnExit || options.NamespaceIsolation || options.MultusLogLevel != "debug" || options.apiServer != "https://[fd00::1]:443" {
		t.Errorf("%+v", options)
	}
}

func TestFaultyFlagsAreRefused(t *testing.T) {
	for flag, reason := range map[string]string{
		"--no-such-flag":                   "unknown flag",
		"auto":                             `unexpected argument "auto"`,
		"--multus-log-level=loud":          `got "loud"`,
		"--cni-conf-dir=/no/such":          "--cni-conf-dir: stat /no/such",
		"--multus-conf-file=/no/such.conf": "--multus-conf-file: stat /no/such.conf",
	} {
		if _, err := ParseOptions(existing(t, flag)); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v; the error should say %s", flag, err, reason)
		}
	}
	arguments := existing(t)
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	if _, err := ParseOptions(arguments); err == nil || !strings.Contains(err.Error(), "KUBERNETES_SERVICE_HOST") {
		t.Errorf("outside of a pod: %v", err)
	}
}
