// Command lensan is the assistant that takes OCOP producers onto the market: it
// serves the bot, and has the commands to set it up and to look after it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/redis/go-redis/v9"

	"lensan/store/sheet"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // little lives long, and processor time is dearer here than memory
	}
	redis.SetLogger(silent{}) // what fails is an error to whoever asked, and told there
	p := &program{environ: os.Environ(), in: os.Stdin, out: os.Stdout, err: os.Stderr}
	err := p.run(context.Background(), os.Args[1:])
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	case err != nil:
		fmt.Fprintln(p.err, "lensan:", err)
		os.Exit(1)
	}
}

// silent is a log that says nothing.
type silent struct{}

// Printf drops what it is given.
func (silent) Printf(context.Context, string, ...any) {}

// program is what every command is run with.
type program struct {
	environ  []string
	in       io.Reader
	out, err io.Writer
	stop     context.CancelFunc // lets signals end the process again
}

// commands are all commands; without one, lensan serves.
type commands struct {
	Serve      serveCmd      `cmd:"" default:"1" help:"Serve with what is configured; with nothing configured, the demo."`
	Migrate    migrateCmd    `cmd:"" help:"Bring the database's schema up to this program's. The demo does it by itself."`
	Doctor     doctorCmd     `cmd:"" help:"Check the configuration and everything it names, and say what to do."`
	Webhook    webhookCmd    `cmd:"" help:"Register our address and commands with Telegram, or ask how deliveries go."`
	Zalo       zaloCmd       `cmd:"" help:"Connect the Zalo Official Account."`
	Requests   requestsCmd   `cmd:"" help:"Who asked for a person, and note that they were helped."`
	Unsent     unsentCmd     `cmd:"" help:"What could not be sent in the last 30 days, why, and whom to call."`
	Invite     inviteCmd     `cmd:"" help:"A one-time code that makes somebody a manager, helper, officer or admin."`
	Import     importCmd     `cmd:"" help:"Read a list of OCOP products (xlsx, csv) of an officer."`
	Understand understandCmd `cmd:"" help:"How a text is read, and why. Needs no server."`
	Chat       chatCmd       `cmd:"" help:"Talk with the bot in the terminal."`
	Servers    serversCmd    `cmd:"" hidden:"" help:"Run a command, such as go test, while a Postgres and a Redis of its own live."`
}

// run carries out the command line. The command's context ends with the first
// SIGINT or SIGTERM.
func (p *program) run(ctx context.Context, args []string) error {
	parser, err := kong.New(&commands{},
		kong.Name("lensan"),
		kong.Description("The assistant for OCOP producers, on Zalo, on Telegram and as a web chat.\n\nEnvironment:\n\n"+environmentHelp()),
		kong.Writers(p.out, p.err),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"fields": strings.Join(sheet.Fields, ", ")},
	)
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	if err != nil {
		return err
	}
	ctx, p.stop = signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer p.stop()
	command.BindTo(ctx, (*context.Context)(nil))
	return command.Run(p)
}

type serversCmd struct {
	Command []string `arg:"" passthrough:"" help:"The command and its arguments."`
}

// Run runs a command with servers of its own.
func (c *serversCmd) Run(ctx context.Context) error {
	command := c.Command
	if command[0] == "--" {
		command = command[1:]
	}
	if len(command) == 0 {
		return errors.New("no command to run: write it behind --, as in: lensan servers -- go test ./bot")
	}
	return withServers(ctx, command)
}
