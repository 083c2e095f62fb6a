// Command medml searches, trains, records and reproduces medical models on the machine it
// runs on. See `medml -h`, and the README.
package main

import "os"

func main() { os.Exit(Main()) }

// Main runs the command line of the process and returns its exit status.
func Main() int { return run(os.Args[1:], processEnv()) }
