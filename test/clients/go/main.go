// A command-line shell over the stock go-tuf client; the contract is in ../README.md.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/theupdateframework/go-tuf/v2/metadata"
	"github.com/theupdateframework/go-tuf/v2/metadata/config"
	"github.com/theupdateframework/go-tuf/v2/metadata/updater"
)

const (
	failed   = 1
	notFound = 3
	refused  = 4
)

var (
	errUsage    = errors.New("usage")
	errNotFound = errors.New("no role lists it")
)

type command struct {
	run      func(options) error
	required []string
}

type options struct {
	value        map[string]string
	noHashPrefix bool
}

var commands = map[string]command{
	"init":     {initialize, []string{"dir", "root"}},
	"refresh":  {refresh, []string{"dir", "metadata-url"}},
	"download": {download, []string{"dir", "metadata-url", "targets-url", "target", "out"}},
	"match":    {match, []string{"file"}},
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, strings.Join(strings.Fields(err.Error()), " "))
		os.Exit(exitCode(err))
	}
}

func run(arguments []string) error {
	if len(arguments) == 0 || commands[arguments[0]].run == nil {
		return fmt.Errorf("%w: expected init, refresh, download or match", errUsage)
	}
	command := commands[arguments[0]]
	options, err := parse(arguments[1:], command.required)
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	return command.run(options)
}

func parse(arguments, required []string) (options, error) {
	o := options{value: map[string]string{}}
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for _, name := range required {
		flags.Func(name, "", func(value string) error { o.value[name] = value; return nil })
	}
	flags.BoolVar(&o.noHashPrefix, "no-hash-prefix", false, "")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	for _, name := range required {
		if o.value[name] == "" {
			return o, fmt.Errorf("--%s is required", name)
		}
	}
	return o, nil
}

func initialize(o options) error {
	root, err := os.ReadFile(o.value["root"])
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.value["dir"], 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(o.value["dir"], "root.json"), root, 0o644)
}

func refresh(o options) error {
	client, err := refreshed(o)
	if err != nil {
		return err
	}
	trusted := client.GetTrustedMetadataSet()
	return print(map[string]int64{
		"root":      trusted.Root.Signed.Version,
		"timestamp": trusted.Timestamp.Signed.Version,
		"snapshot":  trusted.Snapshot.Signed.Version,
		"targets":   trusted.Targets[metadata.TARGETS].Signed.Version,
	})
}

func download(o options) error {
	client, err := refreshed(o)
	if err != nil {
		return err
	}
	target, err := client.GetTargetInfo(o.value["target"])
	if err != nil {
		return distinguishNotFound(o.value["target"], err)
	}
	_, content, err := client.DownloadTarget(target, o.value["out"], o.value["targets-url"])
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	return print(map[string]any{"path": o.value["target"], "length": len(content), "sha256": hex.EncodeToString(sum[:])})
}

type question struct {
	Path    string  `json:"path"`
	Pattern string  `json:"pattern"`
	Prefix  *string `json:"prefix"`
}

func match(o options) error {
	content, err := os.ReadFile(o.value["file"])
	if err != nil {
		return err
	}
	var questions []question
	if err := json.Unmarshal(content, &questions); err != nil {
		return err
	}
	answers := make([]*bool, len(questions))
	for i, question := range questions {
		if answers[i], err = isDelegated(question); err != nil {
			return err
		}
	}
	return print(answers)
}

// Nil where go-tuf refuses the delegation.
func isDelegated(q question) (*bool, error) {
	role := map[string]any{"name": "asked", "keyids": []string{}, "threshold": 1, "terminating": false}
	if q.Prefix != nil {
		role["path_hash_prefixes"] = []string{*q.Prefix}
	} else {
		role["paths"] = []string{q.Pattern}
	}
	written, err := json.Marshal(map[string]any{"keys": map[string]any{}, "roles": []any{role}})
	if err != nil {
		return nil, err
	}
	var delegations metadata.Delegations
	if err := json.Unmarshal(written, &delegations); err != nil {
		return nil, nil
	}
	answer := len(delegations.GetRolesForTarget(q.Path)) > 0
	return &answer, nil
}

func refreshed(o options) (*updater.Updater, error) {
	root, err := os.ReadFile(filepath.Join(o.value["dir"], "root.json"))
	if err != nil {
		return nil, err
	}
	settings, err := config.New(o.value["metadata-url"], root)
	if err != nil {
		return nil, err
	}
	settings.LocalMetadataDir = o.value["dir"]
	settings.LocalTargetsDir = filepath.Join(o.value["dir"], "targets")
	settings.PrefixTargetsWithHash = !o.noHashPrefix
	client, err := updater.New(settings)
	if err != nil {
		return nil, err
	}
	return client, client.Refresh()
}

// go-tuf has no error type for a target that no role lists, only this text.
func distinguishNotFound(target string, err error) error {
	if err.Error() == fmt.Sprintf("target %s not found", target) {
		return fmt.Errorf("%w: %w", errNotFound, err)
	}
	return err
}

// go-tuf returns plain errors for much of what it refuses, so what came from outside is told apart instead.
func exitCode(err error) int {
	var fromFiles *fs.PathError
	var fromURL *url.Error
	var fromNetwork net.Error
	switch {
	case errors.Is(err, errNotFound):
		return notFound
	case errors.Is(err, &metadata.ErrDownloadLengthMismatch{}):
		return refused
	case errors.Is(err, errUsage), errors.Is(err, &metadata.ErrDownload{}),
		errors.As(err, &fromFiles), errors.As(err, &fromURL), errors.As(err, &fromNetwork):
		return failed
	default:
		return refused
	}
}

func print(value any) error {
	return json.NewEncoder(os.Stdout).Encode(value)
}
