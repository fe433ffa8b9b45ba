package flows_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/store"
)

// role makes the chat that of somebody with a role: "officer 02839 Giàng Thị Sua",
// "officer 15 …", "admin - …", or "manager CT-000001 …" of a producer.
func role(ctx context.Context, db *store.DB, chat bot.Chat, what string) error {
	kind, what, _ := strings.Cut(what, " ")
	area, name, _ := strings.Cut(what, " ")
	switch {
	case !slices.Contains([]string{store.Manager, store.RoleHelper, store.RoleOfficer, store.RoleAdmin}, kind) || name == "":
		return errors.New("write it like: ! role officer 02839 Giàng Thị Sua; also helper, admin, and manager with a producer's code")
	case kind != store.Manager && kind != store.RoleAdmin && !isArea(area):
		return fmt.Errorf("%q is no commune's or province's code", area)
	}
	tx, err := db.Begin(ctx, chat, 0, "")
	if err != nil {
		return err
	}
	defer tx.Rollback()
	s := tx.(*store.Tx)
	p, err := s.AddPerson(ctx, store.Person{Name: name, Lang: "vi"})
	if err != nil {
		return err
	}
	if _, err := s.AddConsent(ctx, store.Consent{Person: p.ID, Kind: store.ConsentRecords, Version: "1", Lang: "vi", Channel: chat.Channel, Given: true}); err != nil {
		return err
	}
	inv := store.Invitation{By: store.CommandLine, Role: kind}
	switch {
	case kind == store.Manager:
		producer, err := s.ProducerByCode(ctx, area)
		if err != nil {
			return fmt.Errorf("%q is no producer's code: %w", area, err)
		}
		inv.Producer = producer.ID
	case kind != store.RoleAdmin:
		inv.Areas = []string{area}
	}
	code, err := s.Invite(ctx, inv)
	if err != nil {
		return err
	}
	if _, err := s.Accept(ctx, p.ID, code); err != nil {
		return err
	}
	_, err = tx.Commit(ctx, bot.Turn{Chat: chat, Session: &bot.Session{Turn: 1, Nonce: "role", Person: p.ID, Lang: "vi"}, Outcome: bot.Silent})
	return err
}

// cooperative adds a cooperative with a product, registered by somebody who never
// writes again: "02761 HTX Minh Ngọc: Quả nhãn".
func cooperative(ctx context.Context, db *store.DB, _ bot.Chat, what string) error {
	commune, what, _ := strings.Cut(what, " ")
	name, product, _ := strings.Cut(what, ": ")
	return db.Change(ctx, func(tx *store.Tx) error {
		who, err := tx.AddPerson(ctx, store.Person{})
		if err != nil {
			return err
		}
		p, err := tx.AddProducer(ctx, who.ID, store.Producer{Kind: store.Cooperative, Name: name, Commune: commune})
		if err != nil {
			return err
		}
		_, err = tx.AddProduct(ctx, who.ID, store.Product{Producer: p.ID, Name: product, Group: "food", Place: commune})
		return err
	})
}

// isArea tells whether a code is that of a commune or a province.
func isArea(code string) bool {
	_, commune := vietnamese.CommuneByCode(code)
	return commune || slices.ContainsFunc(vietnamese.Provinces(), func(p vietnamese.Province) bool { return p.Code == code })
}

// TestWrongDirections: who mistypes a stage direction is told so, and not what the
// database thinks of it.
func TestWrongDirections(t *testing.T) {
	t.Parallel()
	for line, direct := range map[string]func(context.Context, *store.DB, bot.Chat, string) error{
		"": role, "officer": role, "officer 02839": role, "officer 99999 Sua": role, "boss 02839 Sua": role,
		"02839": list, "02839; HTX": list, "99999; HTX; ; Quả nhãn": list, "02839; HTX; ; Quả nhãn; nhiều": list, "02839; HTX; ; Quả nhãn; 3; 1; 2024; lost": list,
		"02839; HTX; ; Quả nhãn; 3; 1; 2024; valid; x": list,
	} {
		if err := direct(t.Context(), nil, bot.Chat{}, line); err == nil {
			t.Errorf("%q is taken", line)
		}
	}
}

// rolesOf are everybody's roles and memberships.
func rolesOf(ctx context.Context, db *store.DB) ([]string, error) {
	var rows []string
	for id := int64(1); id <= 40; id++ {
		r, err := db.Read().Role(ctx, id)
		if err != nil {
			continue
		}
		p, err := db.Read().Person(ctx, r.Person)
		if err != nil {
			return nil, err
		}
		row := fmt.Sprintf("%s | %s | %s", p.Name, r.Kind, strings.Join(r.Areas, " "))
		if r.Ended != nil {
			row += " | đã thôi"
		}
		rows = append(rows, row)
	}
	for id := int64(1); id <= 9; id++ {
		p, err := db.Read().Person(ctx, id)
		if err != nil {
			continue
		}
		mine, err := db.Read().ProducersOf(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, m := range mine {
			if p.Name == "" {
				continue
			}
			rows = append(rows, fmt.Sprintf("%s | %s", p.Name, m.Name))
		}
	}
	return rows, nil
}
