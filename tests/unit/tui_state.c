// SPDX-License-Identifier: GPL-2.0-only
#include "screens/frame.h"
#include "screens/tui_state.h"
#include "unit.h"

static void keys_belong_to_one_action(void **state)
{
	size_t i, k, j, l;

	(void)state;
	for (i = 0; i < tui_bindings_nr; i++)
		for (j = i + 1; j < tui_bindings_nr; j++)
			for (k = 0; k < 4 && tui_bindings[i].keys[k]; k++)
				for (l = 0; l < 4 && tui_bindings[j].keys[l]; l++)
					assert_true(tui_bindings[i].keys[k] !=
						    tui_bindings[j].keys[l] ||
						    !(tui_bindings[i].where &
						      tui_bindings[j].where));
}

static void every_action_has_a_key(void **state)
{
	bool has[ACT_NR] = { [ACT_NONE] = true, [ACT_SORT_BY] = true, [ACT_SELECT] = true };
	size_t i;

	(void)state;
	for (i = 0; i < tui_bindings_nr; i++) {
		has[tui_bindings[i].action] = true;
		/* in 80 columns, behind the keys */
		assert_in_range(strlen(tui_bindings[i].help), 1, 68);
		assert_non_null(tui_bindings[i].names);
	}
	for (i = 0; i < ACT_NR; i++)
		assert_true(has[i]);
}

static void moving_stays_inside(void **state)
{
	struct tui_state s;
	struct tui_list *l = &s.lists[SCREEN_MODULES];

	(void)state;
	tui_state_init(&s, false);
	assert_int_equal(tui_key(&s, TKEY_DOWN), EFFECT_DRAW);
	assert_int_equal(l->cursor, 0);
	tui_list_settle(l, 100, 10);
	tui_key(&s, TKEY_UP);
	assert_int_equal(l->cursor, 0);
	tui_key(&s, TKEY_PAGE_DOWN);
	tui_list_settle(l, 100, 10);
	assert_int_equal(l->cursor, 10);
	assert_int_equal(l->top, 1);
	tui_key(&s, TKEY_END);
	tui_list_settle(l, 100, 10);
	assert_int_equal(l->cursor, 99);
	assert_int_equal(l->top, 90);
	tui_list_settle(l, 5, 10);
	assert_int_equal(l->cursor, 4);
	assert_int_equal(l->top, 0);
	tui_list_settle(l, 0, 10);
	assert_int_equal(l->cursor, 0);
}

static void escape_leads_back(void **state)
{
	struct tui_state s;

	(void)state;
	tui_state_init(&s, false);
	s.chosen_module = "xfs";
	tui_key(&s, TKEY_F(5));
	assert_int_equal(s.screen, SCREEN_FINDINGS);
	tui_key(&s, TKEY_ENTER);
	assert_int_equal(s.screen, SCREEN_MODULE);
	tui_key(&s, TKEY_F(1));
	assert_int_equal(s.screen, SCREEN_HELP);
	tui_key(&s, TKEY_ESC);
	assert_int_equal(s.screen, SCREEN_MODULE);
	/* What opened the help closes it, too. */
	tui_key(&s, TKEY_F(1));
	tui_key(&s, TKEY_F(1));
	assert_int_equal(s.screen, SCREEN_MODULE);
	tui_key(&s, TKEY_ESC);
	assert_int_equal(s.screen, SCREEN_FINDINGS);
	tui_key(&s, TKEY_ESC);
	assert_int_equal(s.screen, SCREEN_MODULES);
	assert_int_equal(tui_key(&s, TKEY_ESC), 0);
}

/* From whatever screens, in whatever order: Esc is out in a few steps. */
static void no_circle_of_screens(void **state)
{
	static const u32 keys[] = { TKEY_F(1), TKEY_F(5), TKEY_F(7), 'l', TKEY_ENTER, TKEY_ESC };
	struct tui_state s;
	u64 seed = 1;
	int i, n;

	(void)state;
	tui_state_init(&s, false);
	for (i = 0; i < 20000; i++) {
		s.chosen_module = seed & 1 << 20 ? "xfs" : "ext4";
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		tui_key(&s, keys[(seed >> 33) % ARRAY_SIZE(keys)]);
		if (i % 50)
			continue;
		for (n = 0; n < SCREEN_NR && s.screen != SCREEN_MODULES; n++)
			tui_key(&s, TKEY_ESC);
		assert_int_equal(s.screen, SCREEN_MODULES);
	}
}

static void type(struct tui_state *s, const char *text)
{
	while (*text)
		tui_key(s, (unsigned char)*text++);
}

static void prompts_take_keys(void **state)
{
	struct tui_state s;
	const char *filter = s.lists[SCREEN_MODULES].filter;
	int i;

	(void)state;
	tui_state_init(&s, false);
	tui_key(&s, '\\');
	type(&s, "qxfs");
	tui_key(&s, 0x20ac);
	assert_string_equal(s.text, "qxfs\xe2\x82\xac");
	tui_key(&s, TKEY_BACKSPACE);
	assert_string_equal(s.text, "qxfs");
	tui_key(&s, TKEY_HOME);
	type(&s, "\xe2");
	tui_key(&s, TKEY_RIGHT);
	tui_key(&s, TKEY_DELETE);
	assert_string_equal(s.text, "\xc3\xa2qfs");
	tui_key(&s, TKEY_LEFT);
	tui_key(&s, TKEY_BACKSPACE);
	tui_key(&s, TKEY_RIGHT);
	type(&s, "x");
	assert_string_equal(s.text, "qxfs");
	tui_key(&s, 'K' & 0x1f);
	assert_string_equal(s.text, "qx");
	type(&s, " ab");
	tui_key(&s, 'W' & 0x1f);
	assert_string_equal(s.text, "qx ");
	tui_key(&s, 'U' & 0x1f);
	assert_string_equal(s.text, "");
	type(&s, "qxfs");
	assert_string_equal(filter, "qxfs");
	tui_key(&s, TKEY_ENTER);
	assert_string_equal(filter, "qxfs");
	tui_key(&s, '\\');
	type(&s, "2");
	assert_string_equal(filter, "qxfs2");
	tui_key(&s, TKEY_ESC);
	assert_string_equal(filter, "qxfs");
	for (i = 0, tui_key(&s, '/'); i < 1000; i++)
		tui_key(&s, 0x1f600);
	assert_true(s.text_len < TUI_TEXT);
	tui_key(&s, TKEY_ENTER);
	assert_int_equal(s.search_step, 1);
	tui_key(&s, 's');
	assert_true(tui_key(&s, TKEY_ENTER) & EFFECT_SAVE);
	assert_string_equal(s.text, "modtrace.json");
}

/* Each list has its own, and another module's attempts begin without one. */
static void filters_stay_where_they_are(void **state)
{
	struct tui_state s;

	(void)state;
	tui_state_init(&s, false);
	tui_key(&s, '\\');
	type(&s, "xf\n");
	s.chosen_module = "xfs";
	tui_key(&s, TKEY_ENTER);
	assert_int_equal(s.screen, SCREEN_MODULE);
	assert_string_equal(s.lists[SCREEN_MODULE].filter, "");
	tui_key(&s, '\\');
	type(&s, "mod\n");
	tui_key(&s, TKEY_F(5));
	tui_key(&s, TKEY_ESC);
	assert_string_equal(s.lists[SCREEN_MODULE].filter, "mod");
	tui_key(&s, TKEY_ESC);
	assert_int_equal(s.screen, SCREEN_MODULE);
	assert_string_equal(s.lists[SCREEN_MODULE].filter, "");
	type(&s, "\\mod\n");
	tui_key(&s, TKEY_F(5));
	s.chosen_module = "xfs2";
	tui_key(&s, TKEY_ENTER);
	assert_string_equal(s.lists[SCREEN_MODULE].filter, "");
	tui_key(&s, TKEY_ESC);
	assert_int_equal(s.screen, SCREEN_MODULES);
	assert_string_equal(s.lists[SCREEN_MODULES].filter, "xf");
	tui_key(&s, TKEY_ESC);
	assert_string_equal(s.lists[SCREEN_MODULES].filter, "");
}

/* What is typed is looked for at once, and Esc goes back to where it began. */
static void search_goes_along(void **state)
{
	struct tui_state s;
	struct tui_list *l = &s.lists[SCREEN_MODULES];

	(void)state;
	tui_state_init(&s, false);
	tui_list_settle(l, 100, 10);
	l->cursor = 7;
	type(&s, "/x");
	assert_int_equal(s.search_step, 1);
	assert_string_equal(s.search, "x");
	s.search_step = 0;
	l->cursor = 30;
	tui_key(&s, TKEY_ESC);
	assert_int_equal(l->cursor, 7);
	assert_int_equal(s.search_step, 0);
	tui_key(&s, TKEY_F(1));
	type(&s, "/");
	assert_int_equal(s.prompt, PROMPT_NONE);
	assert_int_not_equal(*s.message, 0);
}

static void pause_and_play(void **state)
{
	struct tui_state s;

	(void)state;
	tui_state_init(&s, false);
	assert_true(tui_key(&s, 'Z') & EFFECT_FREEZE);
	assert_true(tui_key(&s, ' ') & EFFECT_THAW);
	assert_true(tui_key(&s, 'R') & EFFECT_RESET);
	assert_int_equal(tui_key(&s, '.'), 0);
	tui_state_init(&s, true);
	assert_true(s.paused);
	assert_true(tui_key(&s, ' ') & EFFECT_PLAY);
	assert_false(s.paused);
	assert_int_equal(tui_key(&s, 'R'), 0);
	tui_key(&s, ']');
	tui_key(&s, ']');
	assert_int_equal(s.speed, 2);
	s.seek_ns = 100;
	s.seek_step_ns = 30;
	assert_true(tui_key(&s, '{') & EFFECT_SEEK);
	assert_int_equal(s.seek_ns, 70);
	assert_true(tui_key(&s, '.') & EFFECT_STEP);
	assert_true(s.paused);
}

static void zoom_and_pan(void **state)
{
	struct tui_state s;
	u64 from, to;
	int i;

	(void)state;
	tui_state_init(&s, true);
	s.total_ns = 1000000;
	tui_time_window(&s, &from, &to);
	assert_int_equal(to - from, 1000000);
	tui_key(&s, '+');
	tui_time_window(&s, &from, &to);
	assert_int_equal(from, 250000);
	assert_int_equal(to, 750000);
	for (i = 0; i < 20; i++)
		tui_key(&s, TKEY_LEFT);
	tui_time_window(&s, &from, &to);
	assert_int_equal(from, 0);
	for (i = 0; i < 20; i++)
		tui_key(&s, TKEY_RIGHT);
	tui_time_window(&s, &from, &to);
	assert_int_equal(to, 1000000);
	tui_key(&s, 'F');
	s.total_ns = s.now_ns = 3000000;
	tui_time_window(&s, &from, &to);
	assert_int_equal(to, 3000000);
	assert_int_equal(to - from, 500000);
	/* Played, it goes on by halves, and stands still in between. */
	s.now_ns = 1300000;
	tui_time_window(&s, &from, &to);
	assert_int_equal(from, 1000000);
	s.now_ns = 1400000;
	tui_time_window(&s, &from, &to);
	assert_int_equal(from, 1000000);
	s.now_ns = 1500000;
	tui_time_window(&s, &from, &to);
	assert_int_equal(from, 1250000);
	s.now_ns = s.total_ns;
	for (i = 0; i < 60; i++)
		tui_key(&s, '+');
	tui_time_window(&s, &from, &to);
	assert_true(to - from >= 1000);
	for (i = 0; i < 60; i++)
		tui_key(&s, '-');
	tui_time_window(&s, &from, &to);
	assert_int_equal(to - from, 3000000);
}

static void a_module_has_its_own_time(void **state)
{
	struct tui_state s;
	u64 from, to;

	(void)state;
	tui_state_init(&s, true);
	s.total_ns = s.now_ns = 1000000;
	s.lists[SCREEN_MODULES].nr = 1;
	s.chosen_module = "xfs";
	s.chosen_from_ns = 400000;
	s.chosen_to_ns = 500000;
	tui_key(&s, TKEY_ENTER);
	tui_time_window(&s, &from, &to);
	assert_int_equal(from, 395000);
	assert_int_equal(to, 505000);
	tui_key(&s, TKEY_ESC);
	tui_time_window(&s, &from, &to);
	assert_int_equal(to - from, 1000000);
	/* One that took all of the time has all of it. */
	s.chosen_to_ns = 1000000;
	s.chosen_from_ns = 10000;
	tui_key(&s, TKEY_ENTER);
	tui_time_window(&s, &from, &to);
	assert_int_equal(to - from, 1000000);
}

static void sorting_passes_columns_without_data(void **state)
{
	struct tui_state s;
	struct tui_list *l = &s.lists[SCREEN_MODULES];

	(void)state;
	tui_state_init(&s, false);
	l->columns = 4;
	l->empty = 1 << 1;
	tui_key(&s, '>');
	assert_int_equal(l->sort, 0);
	tui_key(&s, '>');
	assert_int_equal(l->sort, 2);
	tui_key(&s, '<');
	assert_int_equal(l->sort, 0);
	tui_key(&s, '<');
	assert_int_equal(l->sort, 3);
	tui_act(&s, ACT_SORT_BY, 3);
	assert_true(l->invert);
}

/* Wide, combining and hostile texts, cut at every width, stay inside and whole. */
static void texts_stay_in_their_place(void **state)
{
	static const char *const texts[] = {
		"plain", "\xe6\xa8\xa1\xe7\xb5\x84", "a\xcc\x81" "b", "x\xe6\xa8\xa1", "",
		"\xf0\x9f\x98\x80\xf0\x9f\x98\x80",
	};
	struct frame f = { 0 };
	size_t t;
	int width, x;

	(void)state;
	for (t = 0; t < ARRAY_SIZE(texts); t++) {
		for (width = 0; width < 12; width++) {
			f.ascii = width & 1;
			assert_int_equal(frame_begin(&f, 12, 1), 0);
			assert_true(frame_put(&f, 0, 2, width, STYLE_DIM, texts[t]) <= 2 + width);
			for (x = 0; x < 12; x++) {
				const struct screen_cell *c = &f.cells[x];

				if (x < 2 || x >= 2 + width)
					assert_int_equal(c->ch, ' ');
				if (!c->ch)
					assert_true(x > 2 && f.cells[x - 1].ch > 0x7f);
				if (f.ascii)
					assert_true(c->ch < 0x7f && !c->mark);
			}
		}
	}
	frame_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_belong_to_one_action),
		cmocka_unit_test(every_action_has_a_key),
		cmocka_unit_test(moving_stays_inside),
		cmocka_unit_test(escape_leads_back),
		cmocka_unit_test(no_circle_of_screens),
		cmocka_unit_test(prompts_take_keys),
		cmocka_unit_test(filters_stay_where_they_are),
		cmocka_unit_test(search_goes_along),
		cmocka_unit_test(pause_and_play),
		cmocka_unit_test(zoom_and_pan),
		cmocka_unit_test(a_module_has_its_own_time),
		cmocka_unit_test(sorting_passes_columns_without_data),
		cmocka_unit_test(texts_stay_in_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
