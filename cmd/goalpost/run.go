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
	Data     string `placeholder:"DIR" help:"${h_data}"`
	Output   string `enum:"table,csv,json" default:"table" help:"${h_output}"`
	Language string `placeholder:"en|de" help:"${h_language}"`
	Org      string `placeholder:"ID" help:"${h_org}"`
	KeyFile  string `name:"key-file" placeholder:"FILE" help:"${h_key_file}"`

	Demo       demoCommand       `cmd:"" help:"${h_demo}"`
	Serve      serveCommand      `cmd:"" help:"${h_serve}"`
	Import     importCommand     `cmd:"" help:"${h_import}"`
	Imports    importsCommand    `cmd:"" help:"${h_imports}"`
	Posts      postsCommand      `cmd:"" help:"${h_posts}"`
	KPI        kpiCommand        `cmd:"" name:"kpi" help:"${h_kpi}"`
	Goals      goalsCommand      `cmd:"" help:"${h_goals}"`
	Effect     effectCommand     `cmd:"" help:"${h_effect}"`
	Activities activitiesCommand `cmd:"" help:"${h_activities}"`
	Effects    effectsCommand    `cmd:"" help:"${h_effects}"`
	Study      studyCommand      `cmd:"" help:"${h_study}"`
	Backup     backupCommand     `cmd:"" help:"${h_backup}"`
	Restore    restoreCommand    `cmd:"" help:"${h_restore}"`
	Export     exportCommand     `cmd:"" help:"${h_export}"`
	Erase      eraseCommand      `cmd:"" help:"${h_erase}"`
	Doctor     doctorCommand     `cmd:"" help:"${h_doctor}"`
	User       userCommand       `cmd:"" help:"${h_user}"`
	Token      tokenCommand      `cmd:"" help:"${h_token}"`
	OpenAPI    openapiCommand    `cmd:"" name:"openapi" help:"${h_openapi}"`
	Schema     schemaCommand     `cmd:"" help:"${h_schema}"`
	Version    versionCommand    `cmd:"" help:"${h_version}"`
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
	parser, err := kong.New(&c, kong.Name("goalpost"), kong.Description(p.say.T("cli.help.goalpost")), kong.Writers(o.stdout, o.stderr),
		kong.Exit(func(int) { ended = true }), kong.DefaultEnvars("GOALPOST"), helpTexts(p.say), kong.Bind(p),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}))
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

// helpTexts gives kong the texts of the help in the reader's language: ${h_data} is
// cli.help.data.
func helpTexts(say *locale.Printer) kong.Vars {
	vars := kong.Vars{}
	for _, key := range locale.Keys(locale.English) {
		if name, ok := strings.CutPrefix(key, "cli.help."); ok {
			vars["h_"+strings.ReplaceAll(name, "-", "_")] = say.T(key)
		}
	}
	return vars
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
