package locales

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
)

// sample is the built-in content folder: an office that does not exist.
//
//go:embed content
var sample embed.FS

// Content is what an office may change without a programmer, as read from a
// content folder. It is never changed after reading.
type Content struct {
	Sample  bool // the built-in folder: not a real office
	Office  Office
	Privacy Privacy

	Templates map[string]Template // by the name of what they say
}

// Fact is said where a text states a fact: where the fact comes from, and when
// somebody last looked there. Every content file carries one.
type Fact struct {
	Source  string
	Checked Date
}

// Privacy is what the consent text says of people's data (privacy.toml).
type Privacy struct {
	Fact
	Version     string // of the consent text: people are asked again when it changes
	Purpose     string // what the data are used for
	Readers     string // who sees them
	RefusedDays int    // messages of a person who did not consent are deleted after so many days
	MessageDays int    // and those of others
	RecordYears int    // records are kept so many years after the person's last message
}

// Date is a day, at 0:00 in the zone of the service.
type Date struct{ time.Time }

// MaxContentFile is the largest content file read, in bytes.
const MaxContentFile = 64 << 10

// parts are the files of a content folder and how each becomes content.
var parts = []struct {
	name string
	own  bool // every office has its own; others fall back to the built-in file
	read func(*file, *Content)
}{
	{"office.toml", true, readOffice},
	{"privacy.toml", true, readPrivacy},
	{"holidays.toml", false, readHolidays},
	{"templates.toml", false, readTemplates},
}

// LoadContent reads a content folder; an empty dir is the built-in sample. The
// error holds every fault of every file, one a line, each with file, line and
// what to do.
func LoadContent(dir string) (*Content, error) {
	builtin, err := fs.Sub(sample, "content")
	if err != nil {
		return nil, err
	}
	if dir == "" {
		c, err := readContent(builtin, builtin)
		if err != nil {
			return nil, err
		}
		c.Sample = true
		return c, nil
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("the content folder cannot be read: %w: set LENSAN_CONTENT to a folder, or leave it out for the sample office", err)
	}
	return readContent(os.DirFS(dir), builtin)
}

func readContent(dir, builtin fs.FS) (*Content, error) {
	c := &Content{}
	faults := unknownFiles(dir)
	for _, p := range parts {
		data, err := readBounded(dir, p.name)
		if errors.Is(err, fs.ErrNotExist) && !p.own {
			data, err = readBounded(builtin, p.name)
		}
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%s: is missing: copy it from the sample (locales/content/%s) and fill in your own", p.name, p.name)
		}
		if err != nil {
			faults = append(faults, err)
			continue
		}
		f := openFile(p.name, data)
		if !f.broken {
			p.read(f, c)
			f.refuseUnknown()
		}
		faults = append(faults, f.faults...)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return c, nil
}

// readBounded reads a file of at most MaxContentFile bytes.
func readBounded(dir fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(dir, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > MaxContentFile {
		return nil, fmt.Errorf("%s: is larger than %d KiB: shorten it", name, MaxContentFile>>10)
	}
	return fs.ReadFile(dir, name)
}

// unknownFiles finds TOML files nobody reads: most likely a misspelled name.
func unknownFiles(dir fs.FS) []error {
	var known []string
	for _, p := range parts {
		known = append(known, p.name)
	}
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return []error{fmt.Errorf("the content folder cannot be read: %w", err)}
	}
	var faults []error
	for _, e := range entries {
		name := e.Name()
		if strings.HasSuffix(name, ".toml") && !strings.HasPrefix(name, ".") && !slices.Contains(known, name) {
			faults = append(faults, fmt.Errorf("%s: is not read by anybody: rename it (%s) or take it away", name, strings.Join(known, ", ")))
		}
	}
	return faults
}

func readPrivacy(f *file, c *Content) {
	c.Privacy = Privacy{
		Fact:        f.fact(),
		Version:     f.text("version", 20),
		Purpose:     f.text("purpose", 150),
		Readers:     f.text("readers", 100),
		RefusedDays: f.number("refused_days", 1, 30),
		MessageDays: f.number("message_days", 30, 365),
		RecordYears: f.number("record_years", 1, 10),
	}
}

func readHolidays(f *file, c *Content) {
	f.fact()
	c.Office.holidays = map[string]string{}
	for _, day := range f.table("days") {
		name := f.text("days."+day, 60)
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			f.fault("days."+day, `%q is not a day: write 2026-09-02 = "Quốc khánh"`, day)
		}
		c.Office.holidays[day] = name
	}
}
