package bottest

// Every is one event of each name the platform has (reference zalo.md section
// 13.6), most of them nothing for a bot: somebody's, or the account's.
func (f *Zalo) Every(user string) []ZaloEvent {
	photo := []byte("\xff\xd8\xff\xe0 a photo")
	all := []ZaloEvent{
		f.Text(user, "Chào"), f.Quote(user, "cái này", "m1"), f.Image(user, "gạo", photo), f.GIF(user, []byte("GIF89a")),
		f.Link(user, "https://example.vn/a"), f.Audio(user, []byte("#!AMR")), f.Video(user), f.Sticker(user),
		f.Location(user, 22.7661, 104.0878, "Mường Khương"), f.Card(user, "84912345678"), f.File(user, "a.pdf", []byte("%PDF-1.4")),
		f.AlbumAtOnce(user, "", photo, photo), f.Follow(user), f.Unfollow(user), f.ChatNow(user), f.Withdraw(user),
		f.SubmitInfo(user, "84912345678"), f.SubmitInfoOld(user, 84912345678), f.Operator(user, "Cán bộ đây ạ"),
		f.Received(user, "m1"), f.Seen(user, "m1", "m2"), f.Reacted(user, "m1", "/-heart"),
	}
	all = append(all, f.Album(user, photo, photo)...)

	to, from := field{"recipient", fields{{"id", user}}}, field{"sender", fields{{"id", f.OAID}}}
	message := field{"message", fields{{"msg_id", "m7"}, {"text", "x"}}}
	for _, kind := range []string{"text", "image", "gif", "list", "file", "sticker", "template"} {
		all = append(all, f.Event("oa_send_"+kind, from, to, message))
	}
	all = append(all, f.Event("oa_reacted_message", from, to, field{"message", fields{{"msg_id", "m7"}, {"react_icon", "/-heart"}}}))

	// Receipts as other texts have them: the person as the sender, a single id;
	// and of a template sent by phone, where the recipient is the number.
	all = append(all,
		f.Event("user_seen_message", field{"sender", fields{{"id", user}}}, field{"recipient", fields{{"id", f.OAID}}},
			field{"message", fields{{"msg_id", "m7"}}}),
		f.Event("user_received_message", from, field{"recipient", fields{{"id", "84912345678"}}},
			field{"message", fields{{"msg_id", "m7"}, {"delivery_time", milliseconds(f.Now())}, {"tracking_id", "t-1"}}}))

	stranger := fields{{"id", "anonymous-1"}}
	conversation := field{"message", fields{{"msg_id", "m7"}, {"text", "x"}, {"conversation_id", "c1"}}}
	for _, kind := range []string{"text", "image", "file", "sticker"} {
		all = append(all,
			f.Event("anonymous_send_"+kind, field{"sender", stranger}, field{"recipient", fields{{"id", f.OAID}}}, conversation),
			f.Event("oa_send_anonymous_"+kind, from, field{"recipient", stranger}, conversation))
	}
	group := field{"recipient", fields{{"id", "g1"}, {"group_id", "g1"}}}
	for _, kind := range []string{"text", "image", "sticker"} {
		all = append(all,
			f.Event("user_send_group_"+kind, field{"sender", fields{{"id", user}}}, group, message),
			f.Event("oa_send_group_"+kind, from, group, message))
	}
	oa := field{"oa_id", f.OAID}
	for _, name := range []string{"create_group", "user_join_group", "user_request_join_group", "accept_request_join_group",
		"react_request_join_group", "reject_request_join_group", "add_group_admin", "remove_group_admin", "update_group_info",
		"user_out_group", "user_leave_group", "delete_group"} {
		all = append(all, f.Event(name, oa, field{"group_id", "g1"}, field{"user_ids", []any{user}}))
	}
	for _, name := range []string{"add_user_to_tag", "remove_user_from_tag", "remove_tag"} {
		all = append(all, f.Event(name, oa, field{"tag", fields{{"user_ids", []any{user}}, {"name", "Hoàn thành"}}}))
	}
	for _, name := range []string{"update_user_info", "widget_interaction_accepted", "widget_failed_to_sync_user_external_id",
		"shop_has_order", "oa_send_consent", "user_reply_consent", "user_call_oa", "oa_call_user", "user_feedback",
		"user_click_response_button", "event_journey_acknowledged", "event_journey_time_out"} {
		all = append(all, f.Event(name, oa, field{"user_id", user}))
	}
	for _, name := range []string{"change_template_status", "change_template_quality", "change_template_quota",
		"change_oa_daily_quota", "change_oa_template_tags", "extension_purchased", "permission_revoked"} {
		all = append(all, f.Event(name, oa, field{"template_id", "100001"}, field{"reason", ""},
			field{"status", fields{{"prev_status", "PENDING_REVIEW"}, {"new_status", "ENABLE"}}}))
	}
	return append(all, f.Event("a_name_of_tomorrow", oa))
}
