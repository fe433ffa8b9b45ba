package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/flows"
	"lensan/locales"
	"lensan/store"
)

// maxProducts is how many products a name said is read as.
const maxProducts = 5

type understandCmd struct {
	Text     []string `arg:"" optional:"" help:"What somebody typed."`
	TSV      string   `name:"tsv" type:"existingfile" placeholder:"FILE" help:"Read a file instead: text and kind of the open question, parted by a tab; further columns are ignored."`
	Province string   `placeholder:"CODE" help:"The province meant when none is said (default: the sample office's)."`
	Today    string   `placeholder:"DATE" help:"The day 'mai' is counted from (default: today), like 2026-11-22."`
}

// Run prints how a text is read, or every line of a file.
func (c *understandCmd) Run(p *program) error {
	r, err := c.reader()
	if err != nil {
		return err
	}
	text := strings.Join(c.Text, " ")
	switch {
	case c.TSV != "" && text == "":
		f, err := os.Open(c.TSV)
		if err != nil {
			return err
		}
		defer f.Close()
		return r.file(p.out, f)
	case c.TSV == "" && text != "":
		return r.explain(p.out, bot.Clean(text))
	}
	return errors.New("write a text, or --tsv FILE")
}

func (c *understandCmd) reader() (*reader, error) {
	r := &reader{province: c.Province, today: time.Now().In(store.Zone)}
	if c.Province == "" {
		content, err := locales.LoadContent("")
		if err != nil {
			return nil, err
		}
		r.province = content.Office.Province
	}
	var err error
	if c.Today != "" {
		if r.today, err = time.ParseInLocation(time.DateOnly, c.Today, store.Zone); err != nil {
			return nil, fmt.Errorf("--today: %q is not a day: write it like 2026-11-22", c.Today)
		}
	}
	if r.products, err = store.SampleNames(); err != nil {
		return nil, err
	}
	r.index = vietnamese.NewIndex(r.products)
	if r.wishes, err = flows.Wishes(); err != nil {
		return nil, err
	}
	r.script, err = flows.New(flows.Config{Known: func(said string) bool { return len(r.index.Search(said, 1)) > 0 }})
	return r, err
}

// reader reads texts as the conversations do.
type reader struct {
	province string
	today    time.Time
	products []string // names of the sample's products
	index    *vietnamese.Index
	wishes   *vietnamese.Matcher
	script   *bot.Script
}

// kinds are the questions a text can be read as an answer to, as the corpora
// name them; and what it does where none is open.
var kinds = []string{"menu", "intent", "yesno", "phone", "date", "money", "quantity", "commune", "product_search"}

// read reads a text as the answer to a kind of question and writes it as the
// corpora do: "ask", "invalid" or "none" where it is not taken over.
func (r *reader) read(kind, text string) (string, error) {
	switch kind {
	case "menu":
		return r.atMenu(text), nil
	case "intent":
		return r.intent(text), nil
	case "yesno":
		return vietnamese.YesNo(text).String(), nil
	case "phone":
		if number, ok := vietnamese.Phone(text); ok {
			return number, nil
		}
		return "invalid", nil
	case "date":
		d, reading := vietnamese.ReadDate(text, r.today)
		return result(reading, d.String(), "invalid"), nil
	case "money":
		m, _, reading := vietnamese.ReadMoney(text)
		amount := strconv.FormatInt(m.Low, 10)
		if m.Low != m.High {
			amount += "-" + strconv.FormatInt(m.High, 10)
		}
		return result(reading, amount, "invalid"), nil
	case "quantity":
		q, reading := vietnamese.ReadQuantity(text)
		return result(reading, strconv.FormatFloat(q.Amount, 'f', -1, 64)+" "+q.Unit, "ask"), nil
	case "commune":
		found, reading := vietnamese.ReadCommune(text, r.province)
		var codes []string
		for _, c := range found {
			codes = append(codes, c.Code)
		}
		switch reading {
		case vietnamese.Understood:
			return codes[0], nil
		case vietnamese.Uncertain:
			return "ask:" + strings.Join(codes, "|"), nil
		}
		return "none", nil
	case "product_search":
		var names []string
		for _, i := range r.index.Search(text, maxProducts) {
			names = append(names, r.products[i])
		}
		if len(names) == 0 {
			return "none", nil
		}
		return strings.Join(names, "|"), nil
	}
	return "", fmt.Errorf("%q is no kind: write one of %s", kind, strings.Join(kinds, ", "))
}

func result(r vietnamese.Reading, understood, not string) string {
	switch r {
	case vietnamese.Understood:
		return understood
	case vietnamese.Uncertain:
		return "ask"
	}
	return not
}

// atMenu is what the conversation does with a text where no question is open: a
// word that works everywhere, a flow that is begun, or flows that are offered.
func (r *reader) atMenu(text string) string {
	var offers []string
	heard := r.script.Hear(text)
	switch {
	case heard.Command != "":
		return "command:" + heard.Command
	case heard.Wish.Flow != "":
		return "begin:" + wished(heard.Wish)
	case len(heard.Offered) == 0:
		return "none"
	}
	for _, w := range heard.Offered {
		offers = append(offers, wished(w))
	}
	return "offer:" + strings.Join(offers, "|")
}

// wished is a flow and what it is about.
func wished(w bot.Wish) string { return strings.TrimSpace(w.Flow + " " + w.Arg) }

// maxOffers is how many wishes a person is offered, as in package bot.
const maxOffers = 3

// intent is the wish that is taken, or those that are offered.
func (r *reader) intent(text string) string {
	var offers []string
	for _, m := range r.wishes.Match(text) {
		if len(offers) == 0 && m.Score >= vietnamese.Take {
			return m.Intent
		}
		if m.Score >= vietnamese.Offer && len(offers) < maxOffers {
			offers = append(offers, m.Intent)
		}
	}
	if len(offers) == 0 {
		return "none"
	}
	return "offer:" + strings.Join(offers, "|")
}

// file reads every line of a file and writes text, kind and result.
func (r *reader) file(w io.Writer, in io.Reader) error {
	out := bufio.NewWriter(w)
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		fields := strings.Split(strings.TrimSuffix(lines.Text(), "\r"), "\t")
		if len(fields) < 2 || n == 1 && fields[1] == "kind" { // the heading
			continue
		}
		got, err := r.read(fields[1], fields[0])
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		fmt.Fprintf(out, "%s\t%s\t%s\n", fields[0], fields[1], got)
	}
	return errors.Join(lines.Err(), out.Flush())
}

// explain writes everything the readers make of a text.
func (r *reader) explain(w io.Writer, text string) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(name, value string) { fmt.Fprintf(out, "%s\t%s\n", name, value) }
	line("folded", vietnamese.Fold(text))
	line("unslipped", vietnamese.Unslip(text))
	for _, kind := range kinds {
		got, err := r.read(kind, text)
		if err != nil {
			return err
		}
		line(kind, got)
		switch kind {
		case "intent":
			for _, m := range r.wishes.Match(text) {
				line("", fmt.Sprintf("%.2f %s by: %s", m.Score, m.Intent, m.Rule))
			}
		case "commune":
			found, _ := vietnamese.ReadCommune(text, r.province)
			for _, c := range found {
				line("", strings.TrimSuffix(fmt.Sprintf("%s %s, %s (%s)", c.Code, c.FullName, c.Province, c.Former), " ()"))
			}
		case "money":
			if _, likely, _ := vietnamese.ReadMoney(text); len(likely) > 0 {
				line("", "likely: "+strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(likely), "["), "]"))
			}
		}
	}
	return out.Flush()
}
