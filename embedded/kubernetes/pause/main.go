// Command pause is the process that holds a pod's namespaces. It does nothing but wait and reap: as process 1
// of a pod with a shared process namespace it inherits the orphans of the other containers.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signal.Ignore(syscall.SIGCHLD) // the kernel reaps children of a process that ignores SIGCHLD
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGINT, syscall.SIGTERM)
	<-end
}
