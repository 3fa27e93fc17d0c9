package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"os/user"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"goalpost"
	"goalpost/locale"
)

// Exit codes, as the README promises them.
const (
	exitAnswered = 0 // also "cannot tell"
	exitFailed   = 1
	exitBadInput = 2
)

// version is set when a release is built.
var version = "development"

// outside is everything that a command gets from outside the program.
type outside struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) string
	now            func() time.Time
	userName       string // of the person at the machine
	terminal       bool   // stderr is one: progress may be drawn
	width          int    // columns of a table
	piped          bool   // stdout is no terminal: a table may be as wide as it is
	secret         func() (string, error)
	progressEvery  time.Duration // between lines of progress where there is no terminal
}

// endings are the signals that end the program in order. A program that was told to
// outlive its terminal does.
func endings() []os.Signal {
	list := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		list = append(list, syscall.SIGHUP)
	}
	return list
}

func fromOutside() outside {
	o := outside{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.Getenv, now: time.Now, width: 80, userName: "command line", progressEvery: progressEvery}
	if u, err := user.Current(); err == nil && u.Username != "" {
		o.userName = u.Username
	}
	o.terminal = term.IsTerminal(int(os.Stderr.Fd()))
	o.piped = !term.IsTerminal(int(os.Stdout.Fd()))
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && w >= 40 {
		o.width = w
	}
	if term.IsTerminal(int(os.Stdin.Fd())) {
		o.secret = func() (string, error) {
			b, err := term.ReadPassword(int(os.Stdin.Fd()))
			return string(b), err
		}
	}
	return o
}

// commands are the flags and commands, as kong reads them.
type commands struct {
	Data     string `placeholder:"DIR" help:"data"`
	Output   string `enum:"table,csv,json" default:"table" help:"output"`
	Language string `placeholder:"en|de" help:"language"`
	Org      string `placeholder:"ID" help:"org"`
	KeyFile  string `name:"key-file" placeholder:"FILE" help:"key-file"`

	Demo          demoCommand          `cmd:"" help:"demo"`
	Serve         serveCommand         `cmd:"" help:"serve"`
	Import        importCommand        `cmd:"" help:"import"`
	Imports       importsCommand       `cmd:"" help:"imports"`
	Posts         postsCommand         `cmd:"" help:"posts"`
	KPI           kpiCommand           `cmd:"" name:"kpi" help:"kpi"`
	Goals         goalsCommand         `cmd:"" help:"goals"`
	Effect        effectCommand        `cmd:"" help:"effect"`
	Activities    activitiesCommand    `cmd:"" help:"activities"`
	Effects       effectsCommand       `cmd:"" help:"effects"`
	Study         studyCommand         `cmd:"" help:"study"`
	Survey        surveyCommand        `cmd:"" help:"survey"`
	Share         shareCommand         `cmd:"" help:"share"`
	Understanding understandingCommand `cmd:"" help:"understanding"`
	Backup        backupCommand        `cmd:"" help:"backup"`
	Restore       restoreCommand       `cmd:"" help:"restore"`
	Export        exportCommand        `cmd:"" help:"export"`
	Erase         eraseCommand         `cmd:"" help:"erase"`
	Doctor        doctorCommand        `cmd:"" help:"doctor"`
	User          userCommand          `cmd:"" help:"user"`
	Token         tokenCommand         `cmd:"" help:"token"`
	OpenAPI       openapiCommand       `cmd:"" name:"openapi" help:"openapi"`
	Schema        schemaCommand        `cmd:"" help:"schema"`
	Version       versionCommand       `cmd:"" help:"version"`
}

// program is one call of goalpost.
type program struct {
	outside
	context.Context
	flags *commands
	say   *locale.Printer
}

// run parses the arguments and runs the command. It returns the exit code.
func run(ctx context.Context, args []string, o outside) int {
	var c commands
	p := &program{outside: o, Context: ctx, flags: &c, say: printer(args, o.env)}
	ended := false
	parser, err := parserOf(p, kong.Exit(func(int) { ended = true }))
	if err != nil {
		return p.fail(err)
	}
	parsed, err := parser.Parse(args)
	switch {
	case ended: // --help was answered
		return exitAnswered
	case err != nil:
		return p.fail(usage(err.Error()))
	}
	if err := parsed.Run(); err != nil {
		return p.fail(err)
	}
	return exitAnswered
}

// printer returns the language of the messages: --language, else GOALPOST_LANGUAGE,
// else the environment's LANG. It is needed before the flags are parsed.
func printer(args []string, env func(string) string) *locale.Printer {
	tag := ""
	for _, name := range []string{"GOALPOST_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if tag = env(name); tag != "" {
			break
		}
	}
	for i, a := range args {
		if a == "--" {
			break
		}
		if v, ok := strings.CutPrefix(a, "--language="); ok {
			tag = v
		} else if a == "--language" && i+1 < len(args) {
			tag = args[i+1]
		}
	}
	return locale.New(locale.Split(tag))
}

// parserOf returns what reads the arguments into a program's flags.
func parserOf(p *program, more ...kong.Option) (*kong.Kong, error) {
	parser, err := kong.New(p.flags, append(more, kong.Name("goalpost"), kong.Description(p.say.T("cli.help.goalpost")), kong.Writers(p.stdout, p.stderr),
		kong.DefaultEnvars("GOALPOST"), kong.Bind(p), kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}))...)
	if err != nil {
		return nil, fmt.Errorf("command line: %w", err)
	}
	return parser, help(parser.Model, p.say)
}

// help puts the texts of the help in the reader's language in the place of their keys: of
// "data" stands cli.help.data. Kong could do so itself, but looks through all its variables
// at every flag, which took most of the time that a call took.
func help(app *kong.Application, say *locale.Printer) error {
	said := map[*string]bool{} // flags stand in the model once for each command below theirs
	put := func(text *string) {
		if *text != "" && !said[text] {
			*text, said[text] = say.T("cli.help."+*text), true
		}
	}
	app.HelpFlag.Help = "help"
	return kong.Visit(app, func(v kong.Visitable, next kong.Next) error {
		switch v := v.(type) {
		case *kong.Command:
			put(&v.Help)
		case *kong.Value:
			put(&v.Help)
		case *kong.Flag:
			put(&v.Help)
		}
		return next(nil)
	})
}

// usage is an error in how the program was called.
func usage(what string) error {
	what = strings.TrimRight(oneLine(what), ".")
	if !strings.HasSuffix(what, "?") {
		what += "."
	}
	return goalpost.Errorf(goalpost.Invalid, "error.flag.usage", goalpost.TextArg(what))
}

// done is an error whose message was written already.
type done struct{ code int }

func (d done) Error() string { return fmt.Sprintf("exit %d", d.code) }

// fail writes an error as one line and returns its exit code.
func (p *program) fail(err error) int {
	if d, ok := errors.AsType[done](err); ok {
		return d.code
	}
	p.complain(err)
	return exitCode(err)
}

// complain writes an error as one line.
func (p *program) complain(err error) {
	_, _ = fmt.Fprintln(p.stderr, oneLine(p.sentence(err))) // nobody reads a closed stderr
}

// sentence is what a person reads about an error. What only a programmer
// understands is added: there is no log here that would say it.
func (p *program) sentence(err error) string {
	if p.interrupted(err) {
		return p.say.T("cli.interrupted")
	}
	s := p.say.CommandError(err)
	if _, ok := errors.AsType[*goalpost.Error](err); !ok {
		s += " (" + err.Error() + ")"
	}
	return s
}

// interrupted reports whether an error only says that somebody pressed Ctrl-C.
func (p *program) interrupted(err error) bool {
	return p.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, p.Err()))
}

// exitCode tells what the user can mend in the input from what failed.
func exitCode(err error) int {
	e, ok := errors.AsType[*goalpost.Error](err)
	if !ok || e.Kind == goalpost.Unavailable || e.Kind == "" {
		return exitFailed
	}
	return exitBadInput
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(p *program) error {
	return p.print("goalpost %s\n", version)
}

// print writes to stdout.
func (p *program) print(format string, args ...any) error {
	_, err := fmt.Fprintf(p.stdout, format, args...)
	return err
}
