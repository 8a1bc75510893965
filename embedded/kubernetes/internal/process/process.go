// Package process runs the programs that make up a node as children that never outlive their parent.
package process

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Process is a running child.
type Process struct {
	Name string
	cmd  *exec.Cmd
	done chan struct{}
}

// Self starts this executable again under a component's name, which selects what it does.
func Self(name string, arguments []string, log io.Writer) (*Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return Start(name, &exec.Cmd{Path: self, Args: append([]string{name}, arguments...)}, log)
}

// Start starts a command; its output goes to log line by line with its name before it.
func Start(name string, cmd *exec.Cmd, log io.Writer) (*Process, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	// The unit's readiness is the parent's to announce, and several components would announce their own.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "NOTIFY_SOCKET=") })
	cmd.Stdout, cmd.Stderr = writer, writer
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	p := &Process{Name: name, cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go p.run(started)
	err = <-started
	writer.Close()
	if err != nil {
		reader.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	go copyLines(name, reader, log)
	return p, nil
}

// run holds one thread for as long as the child lives: the kernel sends the death signal when the *thread*
// that started the child ends (prctl(2), PR_SET_PDEATHSIG).
func (p *Process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err == nil {
		_ = p.cmd.Wait() // the state says how it ended
		close(p.done)
	}
}

// Done is closed when the child has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Ending says how the child ended.
func (p *Process) Ending() string { return p.cmd.ProcessState.String() }

// Stop asks the child to end and kills it if it has not after the grace period.
func (p *Process) Stop(grace time.Duration) {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); errors.Is(err, os.ErrProcessDone) {
		return
	}
	select {
	case <-p.done:
	case <-time.After(grace):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

func copyLines(name string, reader io.ReadCloser, log io.Writer) {
	defer reader.Close()
	lines := bufio.NewReader(reader)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			fmt.Fprintf(log, "%s: %s\n", name, strings.TrimSuffix(line, "\n"))
		}
		if err != nil {
			return
		}
	}
}

// Group is a set of children that live and die together.
type Group struct {
	mutex    sync.Mutex
	members  []*Process
	stopping bool
	failed   chan error
}

// NewGroup makes an empty group.
func NewGroup() *Group { return &Group{failed: make(chan error, 1)} }

// Add watches a child: if it ends before Stop is called, the group has failed.
func (g *Group) Add(p *Process) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.members = append(g.members, p)
	go func() {
		<-p.Done()
		g.mutex.Lock()
		defer g.mutex.Unlock()
		if !g.stopping && slices.Contains(g.members, p) {
			select {
			case g.failed <- fmt.Errorf("%s ended unexpectedly (%s)", p.Name, p.Ending()):
			default: // the first failure is the one to report
			}
		}
	}()
}

// Failed delivers the first unexpected end of a member.
func (g *Group) Failed() <-chan error { return g.failed }

// End ends the members of one name and lets the others run.
func (g *Group) End(name string, grace time.Duration) {
	g.mutex.Lock()
	var ended []*Process
	g.members = slices.DeleteFunc(slices.Clone(g.members), func(p *Process) bool {
		if p.Name == name {
			ended = append(ended, p)
		}
		return p.Name == name
	})
	g.mutex.Unlock()
	for _, p := range ended {
		p.Stop(grace)
	}
}

// Stop ends the members: all at once, but those named last only after the others, in the order given.
func (g *Group) Stop(grace time.Duration, last ...string) {
	g.mutex.Lock()
	g.stopping = true
	members := g.members
	g.mutex.Unlock()
	var wait sync.WaitGroup
	for _, p := range members {
		if !slices.Contains(last, p.Name) {
			wait.Go(func() { p.Stop(grace) })
		}
	}
	wait.Wait()
	for _, name := range last {
		for _, p := range members {
			if p.Name == name {
				p.Stop(grace)
			}
		}
	}
}
