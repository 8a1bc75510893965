package process

import (
	"bytes"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

type buffer struct {
	mutex sync.Mutex
	bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.Buffer.Write(p)
}

func (b *buffer) waitFor(t *testing.T, text string) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		b.mutex.Lock()
		found := strings.Contains(b.String(), text)
		b.mutex.Unlock()
		if found {
			return
		}
	}
	t.Fatalf("%q did not come, got %q", text, b.String())
}

func start(t *testing.T, name, script string, log *buffer) *Process {
	t.Helper()
	p, err := Start(name, exec.Command("/bin/sh", "-c", script), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Stop(0) })
	return p
}

func TestLinesCarryTheName(t *testing.T) {
	log := &buffer{}
	t.Setenv("NOTIFY_SOCKET", "/nowhere")
	<-start(t, "one", `echo "out [$NOTIFY_SOCKET]"; echo err >&2; printf tail`, log).Done()
	for _, line := range []string{"one: out []\n", "one: err\n", "one: tail\n"} {
		log.waitFor(t, line)
	}
}

func TestGroupReportsAnUnexpectedEnd(t *testing.T) {
	group := NewGroup()
	group.Add(start(t, "steady", "exec sleep 60", &buffer{}))
	group.Add(start(t, "brief", "exit 3", &buffer{}))
	select {
	case err := <-group.Failed():
		if err.Error() != "brief ended unexpectedly (exit status 3)" {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("no failure was reported")
	}
	group.Stop(time.Second)
}

func TestGroupStopsInOrderAndReportsNothing(t *testing.T) {
	group, log := NewGroup(), &buffer{}
	for _, name := range []string{"store", "client"} {
		group.Add(start(t, name, `trap "echo bye; exit" TERM; echo ready; while :; do sleep 0.02; done`, log))
		log.waitFor(t, name+": ready")
	}
	group.Stop(5*time.Second, "store")
	log.waitFor(t, "client: bye\nstore: bye")
	select {
	case err := <-group.Failed():
		t.Error(err)
	default:
	}
}

func TestAMemberThatWasEndedIsNoFailure(t *testing.T) {
	group, log := NewGroup(), &buffer{}
	for _, name := range []string{"runtime", "other"} {
		group.Add(start(t, name, `trap "echo bye; exit 3" TERM; echo ready; while :; do sleep 0.02; done`, log))
		log.waitFor(t, name+": ready")
	}
	group.End("runtime", 5*time.Second)
	log.waitFor(t, "runtime: bye")
	group.Stop(5 * time.Second)
	log.waitFor(t, "other: bye")
	select {
	case err := <-group.Failed():
		t.Error(err)
	default:
	}
}

func TestStopKillsWhatDoesNotListen(t *testing.T) {
	log := &buffer{}
	p := start(t, "deaf", `trap "" TERM; echo ready; while :; do sleep 0.02; done`, log)
	log.waitFor(t, "ready")
	p.Stop(50 * time.Millisecond)
	if p.Ending() != "signal: killed" {
		t.Error(p.Ending())
	}
}

func TestStartNamesWhatIsMissing(t *testing.T) {
	_, err := Start("containerd", &exec.Cmd{Path: "/nonexistent"}, &buffer{})
	if err == nil || !strings.HasPrefix(err.Error(), "containerd: ") {
		t.Errorf("got %v", err)
	}
}
