package bottest

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// telegramAPI describes the methods the channel may call: an extract, without
// the prose, of api.json (Bot API 10.1) of PaulSonOfLars/telegram-bot-api-spec,
// MIT licence.
//
//go:embed testdata/telegram.json
var telegramAPI []byte

// botAPI is a description of the Bot API.
type botAPI struct {
	Methods map[string]botType `json:"methods"`
	Types   map[string]botType `json:"types"`
}

type botType struct {
	Fields []botField `json:"fields"`
}

type botField struct {
	Name     string   `json:"name"`
	Types    []string `json:"types"` // any of them
	Required bool     `json:"required"`
}

// params reads a call's parameters as the platform does: JSON, multipart
// (chunked or not, with an empty body when there are none) or a form. Values
// come out the same from all of them.
func (api *botAPI) params(method string, r *http.Request) (map[string]any, error) {
	params := map[string]any{}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		d := json.NewDecoder(r.Body)
		d.UseNumber()
		if err := d.Decode(&params); err != nil && err != io.EOF {
			return nil, errors.New("can't parse the JSON object")
		}
		return params, nil
	}
	var form url.Values
	switch err := r.ParseMultipartForm(2 * maxTelegramFile); {
	case errors.Is(err, http.ErrNotMultipart):
		form = r.PostForm
	case errors.Is(err, io.EOF): // the library's calls without parameters
		return params, nil
	case err != nil:
		return nil, errors.New("can't parse the multipart body")
	default:
		form = r.MultipartForm.Value
		for name, files := range r.MultipartForm.File {
			if params[name], err = uploaded(files[0]); err != nil {
				return nil, err
			}
		}
	}
	for name, values := range form {
		params[name] = values[0]
		i := slices.IndexFunc(api.Methods[method].Fields, func(f botField) bool { return f.Name == name })
		if i >= 0 && api.Methods[method].Fields[i].Types[0] != "String" {
			var v any
			d := json.NewDecoder(strings.NewReader(values[0]))
			d.UseNumber()
			if d.Decode(&v) == nil {
				params[name] = v
			}
		}
	}
	return params, nil
}

// check compares an object with its description.
func (api *botAPI) check(where string, fields []botField, object map[string]any) error {
	for name, v := range object {
		i := slices.IndexFunc(fields, func(f botField) bool { return f.Name == name })
		if i < 0 {
			return fmt.Errorf("%s has no field %s", where, name)
		}
		var err error
		for _, typ := range fields[i].Types {
			if err = api.checkValue(where+"."+name, typ, v); err == nil {
				break
			}
		}
		if err != nil {
			return err
		}
	}
	for _, f := range fields {
		if _, ok := object[f.Name]; f.Required && !ok {
			return fmt.Errorf("%s misses %s", where, f.Name)
		}
	}
	return nil
}

func (api *botAPI) checkValue(where, typ string, v any) error {
	ok := false
	switch typ {
	case "String":
		var s string
		s, ok = v.(string)
		ok = ok && utf8.ValidString(s)
	case "Boolean":
		_, ok = v.(bool)
	case "InputFile":
		_, ok = v.(TelegramFile)
	case "Integer":
		var n json.Number
		if n, ok = v.(json.Number); ok {
			_, err := n.Int64()
			ok = err == nil
		}
	default:
		if elem, isArray := strings.CutPrefix(typ, "Array of "); isArray {
			list, isList := v.([]any)
			for i, e := range list {
				if err := api.checkValue(fmt.Sprintf("%s[%d]", where, i), elem, e); err != nil {
					return err
				}
			}
			ok = isList
			break
		}
		object, isObject := v.(map[string]any)
		described, known := api.Types[typ]
		if isObject && known {
			return api.check(where, described.Fields, object)
		}
	}
	if !ok {
		return fmt.Errorf("%s is not of type %s", where, typ)
	}
	return nil
}

var (
	commandForm = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	secretForm  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

// checkLimits knows the limits that stand in the description's prose only.
func checkLimits(method string, p map[string]any) error {
	switch method {
	case "sendMessage":
		text, _ := p["text"].(string)
		switch n := len(utf16.Encode([]rune(text))); {
		case strings.TrimSpace(text) == "":
			return errors.New("message text is empty")
		case n > 4096:
			return errors.New("message is too long")
		}
		return checkKeyboard(p)
	case "sendPhoto":
		return errors.Join(checkPhoto(p["photo"]), checkCaption(p), checkKeyboard(p))
	case "sendDocument":
		return errors.Join(checkFile(p["document"], maxTelegramFile), checkCaption(p), checkKeyboard(p))
	case "setWebhook":
		if address, _ := p["url"].(string); !strings.HasPrefix(address, "https://") {
			return errors.New("bad webhook: An HTTPS URL must be provided for webhook")
		}
		if secret, given := p["secret_token"].(string); given && !secretForm.MatchString(secret) {
			return errors.New("secret token contains unallowed characters")
		}
	case "setMyCommands":
		list, _ := p["commands"].([]any)
		for _, e := range list {
			c, _ := e.(map[string]any)
			name, _ := c["command"].(string)
			about, _ := c["description"].(string)
			if n := utf8.RuneCountInString(about); !commandForm.MatchString(name) || n < 1 || n > 256 {
				return errors.New("BOT_COMMAND_INVALID")
			}
		}
	}
	return nil
}

func checkKeyboard(p map[string]any) error {
	markup, _ := p["reply_markup"].(map[string]any)
	total := 0
	for _, kind := range []string{"inline_keyboard", "keyboard"} {
		rows, _ := markup[kind].([]any)
		for _, r := range rows {
			row, _ := r.([]any)
			if len(row) > 8 {
				return errors.New("more than 8 buttons in a row")
			}
			for _, e := range row {
				total++
				b, _ := e.(map[string]any)
				data, _ := b["callback_data"].(string)
				switch text, _ := b["text"].(string); {
				case strings.TrimSpace(text) == "":
					return errors.New("text buttons are not allowed to be empty")
				case kind == "inline_keyboard" && (data == "" || len(data) > 64):
					return errors.New("BUTTON_DATA_INVALID")
				}
			}
		}
	}
	if total > 100 {
		return errors.New("reply markup has too many buttons")
	}
	return nil
}
