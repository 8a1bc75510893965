package conformance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// scenario is one annotation and what it must lead to.
type scenario struct {
	name       string
	annotation string
	interfaces []string
	routes     []string
	// status lists the entries of network-status as "network interface addresses".
	status []string
	// macs are the addresses that the annotation asked for, by interface.
	macs map[string]string
	// failure lists what our error must say; upstream must only fail too.
	failure []string
	// differs says why upstream's outcome is another one, where it is; then it must be another one.
	differs string
}

var (
	eth0      = "eth0 10.42.0.2/24"
	toCluster = []string{"10.42.0.0/24 dev eth0", "default via 10.42.0.1 dev eth0"}
	clusterUp = status("cbr0", "eth0", "10.42.0.2")
)

func scenarios() []scenario {
	return append(attachments(), refusals()...)
}

func attachments() []scenario {
	onPlane := append([]string{"10.20.0.0/24 dev net1", "224.0.0.0/4 dev net1"}, toCluster...)
	return []scenario{
		{name: "no annotation", interfaces: []string{eth0}, routes: toCluster, status: []string{clusterUp}},
		{name: "a name", annotation: "plane", interfaces: []string{eth0, "net1 10.20.0.2/24"}, routes: onPlane,
			status: []string{clusterUp, status("media/plane", "net1", "10.20.0.2")}},
		{name: "a single plugin's configuration", annotation: "media/single", interfaces: []string{eth0, "net1 10.20.4.2/24"},
			routes: append([]string{"10.20.4.0/24 dev net1", "224.0.0.0/4 dev net1"}, toCluster...),
			status: []string{clusterUp, status("media/single", "net1", "10.20.4.2")}},
		{name: "two networks with an interface name", annotation: " plane , media/chain@mc0 ",
			interfaces: []string{eth0, "mc0 10.20.2.2/24", "net1 10.20.0.2/24"},
			routes:     append([]string{"10.20.2.0/24 dev mc0", "224.0.0.0/4 dev mc0"}, onPlane...),
			status:     []string{clusterUp, status("media/plane", "net1", "10.20.0.2"), status("media/chain", "mc0", "10.20.2.2")}},
		{name: "address and MAC", annotation: `[{"name":"request","ips":["10.20.1.7/24"],"mac":"02:00:00:00:01:07","interface":"media0"}]`,
			interfaces: []string{eth0, "media0 10.20.1.7/24"},
			routes:     append([]string{"10.20.1.0/24 dev media0", "224.0.0.0/4 dev media0"}, toCluster...),
			status:     []string{clusterUp, status("media/request", "media0", "10.20.1.7")},
			macs:       map[string]string{"media0": "02:00:00:00:01:07"}},
		{name: "address without declared capability", annotation: `[{"name":"undeclared","namespace":"media","ips":["10.20.5.7/24"]}]`,
			interfaces: []string{eth0, "net1 10.20.5.7/24"}, routes: append([]string{"10.20.5.0/24 dev net1"}, toCluster...),
			status: []string{clusterUp, status("media/undeclared", "net1", "10.20.5.7")}},
		{name: "layer 2 only", annotation: "layer2", interfaces: []string{eth0, "net1"}, routes: toCluster,
			status: []string{clusterUp, status("media/layer2", "net1")}},
		{name: "both address families", annotation: "v6", interfaces: []string{eth0, "net1 10.20.6.5/24 fd00:20::5/64"},
			routes: append([]string{"10.20.6.0/24 dev net1"}, toCluster...),
			status: []string{clusterUp, status("media/v6", "net1", "fd00:20::5", "10.20.6.5")}},
		{name: "default route", annotation: `[{"name":"gateway","default-route":["10.20.3.1"]}]`,
			interfaces: []string{eth0, "net1 10.20.3.2/24"},
			routes:     []string{"10.20.3.0/24 dev net1", "10.42.0.0/24 dev eth0", "224.0.0.0/4 dev net1", "default via 10.20.3.1 dev net1"},
			status:     []string{clusterUp, status("media/gateway", "net1", "10.20.3.2")},
			differs:    "upstream v4.3.0 looks for routes without a destination, which netlink has given as 0.0.0.0/0 since 1.3.0: eth0 keeps its default route"},
	}
}

func refusals() []scenario {
	return []scenario{
		{name: "unknown network", annotation: "absent", failure: []string{"media/", "network media/absent", "not found"}},
		{name: "another namespace's network", annotation: "other/foreign", failure: []string{"network other/foreign", "namespace isolation"}},
		{name: "not a name", annotation: "Plane", failure: []string{networksAnnotation, `"Plane"`}},
		{name: "not JSON", annotation: `[{"name":`, failure: []string{networksAnnotation, "JSON"}},
		{name: "not an address", annotation: `[{"name":"request","ips":["10.20.1.300"]}]`, failure: []string{"10.20.1.300"}},
		{name: "one interface name twice", annotation: "plane@net7,chain@net7", failure: []string{"network media/chain", "net7", "already"}},
		{name: "a master that is not there", annotation: "broken", failure: []string{"network media/broken", "net1", `type="macvlan"`, "Link not found"}},
		{name: "a plugin that is not there", annotation: "missing-plugin", failure: []string{"network media/missing-plugin", "no-such-plugin"}},
		{name: "two default routes", annotation: `[{"name":"gateway","default-route":["10.20.3.1"]},{"name":"plane","default-route":["10.20.0.1"]}]`,
			failure: []string{"default-route", "more than one"}},
	}
}

// outcome is what one implementation left behind.
type outcome struct {
	Interfaces, Routes []string
	Status             string
	Result             string
	failure            error
}

func eachAnnotation(t *testing.T, c *cluster) {
	for _, version := range []string{"1.0.0", "0.3.1"} {
		nodes := map[string]*node{}
		var order []implementation
		for _, which := range implementations(t) {
			nodes[which.name] = install(t, c, which, version)
			order = append(order, which)
		}
		for number, each := range scenarios() {
			t.Run(version+" "+each.name, func(t *testing.T) {
				var outcomes []outcome
				for _, which := range order {
					pod := "p" + strings.NewReplacer(".", "").Replace(version) + which.name + string(rune('a'+number))
					outcomes = append(outcomes, each.run(t, c, nodes[which.name], pod))
				}
				each.assert(t, outcomes[0])
				for i, other := range outcomes[1:] {
					each.compare(t, outcomes[0], other, order[i+1].name)
				}
			})
		}
	}
}

// run attaches a pod, looks, takes it away, and looks whether anything stayed.
func (s scenario) run(t *testing.T, c *cluster, n *node, pod string) outcome {
	t.Helper()
	must(t, os.RemoveAll("/var/lib/cni"))
	box := newSandbox(t, n, pod, c.pod(t, pod, s.annotation))
	result, err := box.call("ADD")
	got := outcome{failure: err}
	if err == nil {
		got.Interfaces, got.Routes = box.interfaces(t), box.routes(t)
		got.Status = withoutChance(c.networkStatus(t, pod))
		got.Result = strings.ReplaceAll(withoutChance(string(result)), box.id, "ID")
		for ifName, mac := range s.macs {
			if is := box.mac(t, ifName); is != mac {
				t.Errorf("%s: %s has MAC %s instead of %s", n.name, ifName, is, mac)
			}
		}
	}
	for _, attempt := range []string{"first", "repeated"} {
		if _, err := box.call("DEL"); err != nil && n.name == "ours" {
			t.Errorf("%s DEL: %v", attempt, err)
		} else if err != nil {
			t.Logf("%s: %s DEL: %v", n.name, attempt, err)
		}
	}
	if left := box.interfaces(t); len(left) > 0 {
		t.Errorf("%s: interfaces left after DEL: %v", n.name, left)
	}
	if n.name == "ours" {
		assertNoState(t)
	}
	return got
}

// assertNoState looks for addresses that are still reserved and for what was written down for DEL.
func assertNoState(t *testing.T) {
	t.Helper()
	must(t, filepath.WalkDir("/var/lib/cni", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == "lock" || strings.HasPrefix(entry.Name(), "last_reserved_ip") {
			return err
		}
		t.Errorf("left after DEL: %s", path)
		return nil
	}))
}

func (s scenario) assert(t *testing.T, got outcome) {
	t.Helper()
	if len(s.failure) > 0 {
		if got.failure == nil {
			t.Fatalf("ADD succeeded: %+v", got)
		}
		for _, part := range s.failure {
			if !strings.Contains(got.failure.Error(), part) {
				t.Errorf("error does not say %q: %v", part, got.failure)
			}
		}
		return
	}
	if got.failure != nil {
		t.Fatalf("ADD: %v", got.failure)
	}
	if !reflect.DeepEqual(got.Interfaces, s.interfaces) {
		t.Errorf("interfaces %q instead of %q", got.Interfaces, s.interfaces)
	}
	if want := slices.Sorted(slices.Values(s.routes)); !reflect.DeepEqual(got.Routes, want) {
		t.Errorf("routes %q instead of %q", got.Routes, want)
	}
	if entries := entriesOf(t, got.Status); !reflect.DeepEqual(entries, s.status) {
		t.Errorf("network-status %q instead of %q", entries, s.status)
	}
}

func (s scenario) compare(t *testing.T, ours, other outcome, name string) {
	t.Helper()
	if (ours.failure == nil) != (other.failure == nil) {
		t.Fatalf("ours: %v; %s: %v", ours.failure, name, other.failure)
	}
	if ours.failure != nil {
		t.Logf("ours: %v\n%s: %v", ours.failure, name, other.failure)
		return
	}
	ours.failure, other.failure = nil, nil
	same := reflect.DeepEqual(ours, other)
	if s.differs == "" && !same {
		t.Errorf("%s left something else behind\nours: %+v\n%s: %+v", name, ours, name, other)
	}
	if s.differs != "" && same {
		t.Errorf("%s does the same now, although: %s", name, s.differs)
	}
}

func entriesOf(t *testing.T, annotation string) []string {
	t.Helper()
	var entries []struct {
		Name, Interface string
		IPs             []string
	}
	must(t, json.Unmarshal([]byte(annotation), &entries))
	var lines []string
	for _, entry := range entries {
		lines = append(lines, status(entry.Name, entry.Interface, entry.IPs...))
	}
	return lines
}

var (
	macAddress = regexp.MustCompile(`([0-9a-f]{2}:){5}[0-9a-f]{2}`)
	hostEnd    = regexp.MustCompile(`veth[0-9a-f]{8}`)
)

// withoutChance leaves out what differs from run to run.
func withoutChance(text string) string {
	return hostEnd.ReplaceAllString(macAddress.ReplaceAllString(text, "MAC"), "veth")
}
