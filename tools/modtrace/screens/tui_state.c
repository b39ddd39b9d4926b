// SPDX-License-Identifier: GPL-2.0-only
#include "screens/tui_state.h"

#define SPAN_MIN_NS UINT64_C(1000)
#define SPEED_MIN (-10)
#define SPEED_MAX 10

const struct tui_binding tui_bindings[] = {
	{ { TKEY_F(1), 'h', '?' }, ACT_HELP, "F1 h ?", "F1", "Help", WHERE_BOTH,
	  "this help" },
	{ { TKEY_F(3), '/' }, ACT_SEARCH, "F3 /", "F3", "Search", WHERE_BOTH,
	  "search: to the next row with a text; * and ? stand for any" },
	{ { 'n' }, ACT_SEARCH_NEXT, "n", NULL, NULL, WHERE_BOTH, "search on" },
	{ { 'N' }, ACT_SEARCH_BACK, "N", NULL, NULL, WHERE_BOTH, "search back" },
	{ { TKEY_F(4), '\\' }, ACT_FILTER, "F4 \\", "F4", "Filter", WHERE_BOTH,
	  "filter: only rows with a text, or * and ?; an empty one shows all" },
	{ { TKEY_F(6), '>' }, ACT_SORT_RIGHT, "F6 >", "F6", "Sort", WHERE_BOTH,
	  "sort by the next column; or click on a column's head" },
	{ { '<' }, ACT_SORT_LEFT, "<", NULL, NULL, WHERE_BOTH, "sort by the column before" },
	{ { 'I', 'i' }, ACT_INVERT, "I", NULL, NULL, WHERE_BOTH, "invert the order" },
	{ { TKEY_F(5), 'w' }, ACT_FINDINGS, "F5 w", "F5", "Findings", WHERE_BOTH,
	  "findings: what is wrong, why, by whom; Enter goes to the module" },
	{ { TKEY_F(7), 'r' }, ACT_REQUESTERS, "F7 r", "F7", "Requesters", WHERE_BOTH,
	  "requesters: who caused how much; Enter goes to their worst module" },
	{ { 'l' }, ACT_LOG, "l", NULL, NULL, WHERE_LIVE, "what the command printed" },
	{ { TKEY_ENTER, '\r' }, ACT_ENTER, "Enter", NULL, NULL, WHERE_BOTH,
	  "the module's view: its attempts as bars in time, the winner first" },
	{ { TKEY_ESC, TKEY_BACKSPACE }, ACT_BACK, "Esc", NULL, NULL, WHERE_BOTH,
	  "drop the filter, or back" },
	{ { ' ', 'Z', 'z' }, ACT_PAUSE, "Z Space", "Z", "Pause", WHERE_LIVE,
	  "pause: the view stands still, collection goes on" },
	{ { ' ', 'Z', 'z' }, ACT_PAUSE, "Z Space", "Z", "Play", WHERE_REPLAY,
	  "play the recording, from its start if it is at its end; or stop" },
	{ { '[' }, ACT_SLOWER, "[", NULL, NULL, WHERE_REPLAY, "play at half the speed" },
	{ { ']' }, ACT_FASTER, "]", NULL, NULL, WHERE_REPLAY, "play at twice the speed" },
	{ { '.' }, ACT_STEP, ".", NULL, NULL, WHERE_REPLAY, "step to the next event" },
	{ { '{' }, ACT_SEEK_BACK, "{", NULL, NULL, WHERE_REPLAY, "back by a twentieth of the recording" },
	{ { '}' }, ACT_SEEK_ON, "}", NULL, NULL, WHERE_REPLAY, "on by a twentieth of it" },
	{ { '0' }, ACT_SEEK_START, "0", NULL, NULL, WHERE_REPLAY, "to the start of it" },
	{ { '$' }, ACT_SEEK_END, "$", NULL, NULL, WHERE_REPLAY, "to the end of it" },
	{ { 'F', 'f' }, ACT_FOLLOW, "F", NULL, NULL, WHERE_BOTH,
	  "follow: keep the latest time in view when zoomed in" },
	{ { '+', '=' }, ACT_ZOOM_IN, "+", NULL, NULL, WHERE_BOTH, "zoom in: half the time" },
	{ { '-' }, ACT_ZOOM_OUT, "-", NULL, NULL, WHERE_BOTH, "zoom out: twice the time" },
	{ { 'a' }, ACT_ZOOM_ALL, "a", NULL, NULL, WHERE_BOTH, "all of the time" },
	{ { TKEY_LEFT }, ACT_LEFT, "Left", NULL, NULL, WHERE_BOTH, "earlier, when zoomed in" },
	{ { TKEY_RIGHT }, ACT_RIGHT, "Right", NULL, NULL, WHERE_BOTH, "later, when zoomed in" },
	{ { TKEY_UP, 'k' }, ACT_UP, "Up k", NULL, NULL, WHERE_BOTH, "a row up" },
	{ { TKEY_DOWN, 'j' }, ACT_DOWN, "Down j", NULL, NULL, WHERE_BOTH, "a row down" },
	{ { TKEY_PAGE_UP }, ACT_PAGE_UP, "PgUp", NULL, NULL, WHERE_BOTH, "a page up" },
	{ { TKEY_PAGE_DOWN }, ACT_PAGE_DOWN, "PgDn", NULL, NULL, WHERE_BOTH, "a page down" },
	{ { TKEY_HOME, 'g' }, ACT_FIRST, "Home g", NULL, NULL, WHERE_BOTH, "the first row" },
	{ { TKEY_END, 'G' }, ACT_LAST, "End G", NULL, NULL, WHERE_BOTH, "the last row" },
	{ { 's' }, ACT_SAVE, "s", "s", "Save", WHERE_BOTH,
	  "save as .json, .txt, .svg, .pftrace (Perfetto) or .trace.json" },
	{ { 'R' }, ACT_RESET, "R", NULL, NULL, WHERE_LIVE, "reset the counters" },
	{ { 'L' & 0x1f }, ACT_REDRAW, "Ctrl-L", NULL, NULL, WHERE_BOTH, "draw the screen anew" },
	{ { TKEY_F(10), 'q' }, ACT_QUIT, "F10 q", "F10", "Quit", WHERE_BOTH,
	  "quit; a command that still runs is told to end" },
};

const size_t tui_bindings_nr = ARRAY_SIZE(tui_bindings);

/**
 * tui_state_init - as it is at the start
 * @s: filled
 * @replay: of a recording
 */
void tui_state_init(struct tui_state *s, bool replay)
{
	size_t i;

	*s = (struct tui_state){ .replay = replay, .paused = replay, .follow = !replay,
				 .width = 80, .height = 24 };
	for (i = 0; i < SCREEN_NR; i++)
		s->lists[i].sort = TUI_SORT_DEFAULT;
	snprintf(s->save_as, sizeof(s->save_as), "modtrace.json");
}

/* Each screen is once on the way back, so that the way has an end. */
static void go_to(struct tui_state *s, enum tui_screen screen)
{
	unsigned int i;

	if (s->screen == screen)
		return;
	for (i = 0; i < s->depth; i++) {
		if (s->back[i] == screen) {
			s->depth = i;
			s->screen = screen;
			return;
		}
	}
	s->back[s->depth++] = s->screen;
	s->screen = screen;
}

/* A module's view has a time of its own; behind it the one that was chosen before is back. */
static void show_outer_time(struct tui_state *s)
{
	if (s->screen != SCREEN_MODULE || !s->outer.kept)
		return;
	s->outer.kept = false;
	s->follow = s->outer.follow;
	s->span_ns = s->outer.span_ns;
	s->from_ns = s->outer.from_ns;
}

/* A module's view begins with the time of its attempts, and a little around them. */
static void show_own_time(struct tui_state *s)
{
	const u64 own = sat_sub(s->chosen_to_ns, s->chosen_from_ns), margin = own / 20;

	if (!s->outer.kept) {
		s->outer.kept = true;
		s->outer.follow = s->follow;
		s->outer.span_ns = s->span_ns;
		s->outer.from_ns = s->from_ns;
	}
	s->span_ns = 0;
	if (!s->chosen_to_ns || own + 2 * margin > s->total_ns / 10 * 9)
		return;
	s->follow = false;
	s->from_ns = sat_sub(s->chosen_from_ns, margin);
	s->span_ns = own + 2 * margin;
	if (s->span_ns < SPAN_MIN_NS)
		s->span_ns = SPAN_MIN_NS;
}

static unsigned int leave(struct tui_state *s)
{
	if (*s->lists[s->screen].filter) {
		*s->lists[s->screen].filter = '\0';
		return EFFECT_DRAW;
	}
	if (s->depth) {
		show_outer_time(s);
		s->screen = s->back[--s->depth];
		return EFFECT_DRAW;
	}
	return 0;
}

/**
 * tui_state_forget - drop all that refers to the model, which is going away
 * @s: the state
 */
void tui_state_forget(struct tui_state *s)
{
	unsigned int depth = 0;
	size_t i;

	for (i = 0; i < SCREEN_NR; i++) {
		struct tui_list *l = &s->lists[i];

		l->has_key = false;
		l->cursor = 0;
		l->top = 0;
		l->nr = 0;
	}
	s->chosen_module = NULL;
	s->module = NULL;
	for (i = 0; i < s->depth; i++)
		if (s->back[i] != SCREEN_MODULE)
			s->back[depth++] = s->back[i];
	s->depth = depth;
	if (s->screen == SCREEN_MODULE)
		leave(s);
}

/**
 * tui_message - tell the user something, until the next key
 * @s: the state
 * @fmt: printf format
 */
void tui_message(struct tui_state *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->message, sizeof(s->message), fmt, ap);
	va_end(ap);
}

/**
 * tui_time_window - the time that is shown
 * @s: the state, with its total_ns
 * @from_ns: where it begins, after the start
 * @to_ns: where it ends
 */
void tui_time_window(const struct tui_state *s, u64 *from_ns, u64 *to_ns)
{
	*from_ns = 0;
	*to_ns = s->total_ns ? s->total_ns : 1;
	if (!s->span_ns || s->span_ns >= s->total_ns)
		return;
	*from_ns = s->total_ns - s->span_ns;
	if (s->follow && s->replay && s->now_ns < s->total_ns) {
		/* By halves, so that what is played doesn't slide. */
		const u64 half = s->span_ns / 2 ? s->span_ns / 2 : 1;

		*from_ns = sat_sub(s->now_ns / half * half, half);
	} else if (!s->follow && s->from_ns < *from_ns) {
		*from_ns = s->from_ns;
	}
	*to_ns = *from_ns + s->span_ns;
}

/**
 * tui_list_settle - rows have changed: keep cursor and top inside
 * @l: the list
 * @nr: rows there are
 * @page: rows that fit
 */
void tui_list_settle(struct tui_list *l, size_t nr, size_t page)
{
	l->nr = nr;
	l->page = page ? page : 1;
	if (l->cursor >= nr)
		l->cursor = nr ? nr - 1 : 0;
	if (l->top > l->cursor)
		l->top = l->cursor;
	if (l->cursor >= l->top + l->page)
		l->top = l->cursor - l->page + 1;
	if (l->top + l->page > nr)
		l->top = nr > l->page ? nr - l->page : 0;
}

static void move_to(struct tui_list *l, size_t row)
{
	if (row >= l->nr)
		row = l->nr ? l->nr - 1 : 0;
	l->cursor = row;
	l->moved = true;
}

/* A screen without a cursor: its top moves. */
static bool is_text(const struct tui_state *s)
{
	return s->screen == SCREEN_HELP || s->screen == SCREEN_LOG;
}

static void move(struct tui_state *s, s64 by)
{
	struct tui_list *l = &s->lists[s->screen];
	size_t from = l->cursor;

	/* The cursor of a text is pushed by its edges, so that one key moves what is seen. */
	if (is_text(s))
		from = by < 0 ? l->top : l->top + l->page - 1;
	if (by < 0 && (u64)-by > from)
		move_to(l, 0);
	else
		move_to(l, from + by);
}

static void zoom(struct tui_state *s, bool in)
{
	u64 from, to, span;

	tui_time_window(s, &from, &to);
	span = to - from;
	if (in && span / 2 >= SPAN_MIN_NS) {
		/* Whoever has chosen something wants to see that, not what comes. */
		if (s->has_focus)
			s->follow = false;
		s->span_ns = span / 2;
		s->from_ns = s->has_focus ? sat_sub(s->focus_ns, span / 4) : from + span / 4;
	} else if (!in && s->span_ns) {
		s->span_ns = span >= s->total_ns / 2 ? 0 : span * 2;
		s->from_ns = sat_sub(from, span / 2);
	}
}

static void pan(struct tui_state *s, int direction)
{
	u64 from, to, step;

	tui_time_window(s, &from, &to);
	if (!s->span_ns || s->span_ns >= s->total_ns)
		return;
	step = s->span_ns / 4;
	s->follow = false;
	s->from_ns = direction < 0 ? sat_sub(from, step) : from + step;
	if (s->from_ns + s->span_ns >= s->total_ns)
		s->from_ns = s->total_ns - s->span_ns;
}

static void sort_by(struct tui_list *l, int column)
{
	if (!l->columns)
		return;
	if (column == l->sort)
		l->invert = !l->invert;
	else
		l->invert = false;
	l->sort = column;
}

static void sort_step(struct tui_list *l, int step)
{
	int at = l->sort, i;

	for (i = 0; i < l->columns; i++) {
		at += step;
		if (at < 0)
			at = l->columns - 1;
		else if (at >= l->columns)
			at = 0;
		if (!(l->empty >> at & 1))
			break;
	}
	if (l->columns)
		l->sort = at;
	l->invert = false;
}

static unsigned int start_prompt(struct tui_state *s, enum tui_prompt prompt, const char *text)
{
	const struct tui_list *l = &s->lists[s->screen];

	s->prompt = prompt;
	memcpy(s->before.filter, l->filter, sizeof(s->before.filter));
	s->before.cursor = l->cursor;
	snprintf(s->text, sizeof(s->text), "%s", text);
	s->text_len = strlen(s->text);
	s->text_at = s->text_len;
	return EFFECT_DRAW;
}

static unsigned int pause_or_play(struct tui_state *s)
{
	s->paused = !s->paused;
	if (s->replay)
		return EFFECT_DRAW | EFFECT_PLAY;
	return EFFECT_DRAW | (s->paused ? EFFECT_FREEZE : EFFECT_THAW);
}

static unsigned int seek(struct tui_state *s, u64 ns)
{
	s->seek_ns = ns;
	return EFFECT_DRAW | EFFECT_SEEK;
}

/* Where a replay is is told by who plays it, in seek_ns, before the key. */
static unsigned int replay_act(struct tui_state *s, enum tui_action action)
{
	switch (action) {
	case ACT_SLOWER:
		if (s->speed > SPEED_MIN)
			s->speed--;
		return EFFECT_DRAW;
	case ACT_FASTER:
		if (s->speed < SPEED_MAX)
			s->speed++;
		return EFFECT_DRAW;
	case ACT_STEP:
		s->paused = true;
		return EFFECT_DRAW | EFFECT_STEP;
	case ACT_SEEK_BACK:
		return seek(s, sat_sub(s->seek_ns, s->seek_step_ns));
	case ACT_SEEK_ON:
		return seek(s, sat_add(s->seek_ns, s->seek_step_ns));
	case ACT_SEEK_START:
		s->paused = true;
		return seek(s, 0);
	case ACT_SEEK_END:
		return seek(s, UINT64_MAX);
	default:
		return 0;
	}
}

static unsigned int enter(struct tui_state *s)
{
	if (s->screen == SCREEN_HELP)
		return leave(s);
	if (s->screen != SCREEN_MODULES && s->screen != SCREEN_FINDINGS &&
	    s->screen != SCREEN_REQUESTERS)
		return 0;
	if (s->screen == SCREEN_FINDINGS && s->chosen_blame) {
		go_to(s, SCREEN_REQUESTERS);
		return EFFECT_DRAW;
	}
	if (!s->chosen_module) {
		if (!s->lists[s->screen].nr)
			tui_message(s, " No row is selected.");
		else if (s->screen == SCREEN_FINDINGS)
			tui_message(s, " This finding is about the whole recording, not a module.");
		else if (s->screen == SCREEN_REQUESTERS && *s->chosen_note)
			tui_message(s, " %s", s->chosen_note);
		else if (s->screen == SCREEN_REQUESTERS)
			tui_message(s, " No load is known to result from this request.");
		return EFFECT_DRAW;
	}
	if (!s->module || strcmp(s->module, s->chosen_module)) {
		struct tui_list *l = &s->lists[SCREEN_MODULE];

		l->cursor = 0;
		l->top = 0;
		l->has_key = false;
		*l->filter = '\0';
	}
	s->module = s->chosen_module;
	show_own_time(s);
	go_to(s, SCREEN_MODULE);
	return EFFECT_DRAW;
}

/**
 * tui_act - do what the user wants
 * @s: the state
 * @action: what
 * @arg: a row or column, where the action has one
 *
 * Return: effects left to the caller.
 */
unsigned int tui_act(struct tui_state *s, enum tui_action action, int arg)
{
	struct tui_list *l = &s->lists[s->screen];

	switch (action) {
	case ACT_HELP:
		if (s->screen == SCREEN_HELP)
			return leave(s);
		go_to(s, SCREEN_HELP);
		break;
	case ACT_FINDINGS:
		go_to(s, SCREEN_FINDINGS);
		break;
	case ACT_REQUESTERS:
		go_to(s, SCREEN_REQUESTERS);
		break;
	case ACT_LOG:
		go_to(s, SCREEN_LOG);
		break;
	case ACT_SEARCH:
	case ACT_FILTER:
		if (is_text(s)) {
			tui_message(s, " This screen is not a list; it cannot be searched or filtered.");
			break;
		}
		if (action == ACT_FILTER)
			return start_prompt(s, PROMPT_FILTER, l->filter);
		return start_prompt(s, PROMPT_SEARCH, "");
	case ACT_SEARCH_NEXT:
	case ACT_SEARCH_BACK:
		if (is_text(s))
			break;
		if (!*s->search)
			return start_prompt(s, PROMPT_SEARCH, "");
		s->found = false;
		s->search_step = action == ACT_SEARCH_NEXT ? 1 : -1;
		break;
	case ACT_SORT_LEFT:
	case ACT_SORT_RIGHT:
		if (!l->columns)
			tui_message(s, " These rows have one order.");
		sort_step(l, action == ACT_SORT_LEFT ? -1 : 1);
		break;
	case ACT_SORT_BY:
		sort_by(l, arg);
		break;
	case ACT_INVERT:
		l->invert = !l->invert;
		break;
	case ACT_PAUSE:
		return pause_or_play(s);
	case ACT_FOLLOW:
		s->follow = !s->follow;
		if (!s->follow && s->span_ns)
			s->from_ns = sat_sub(s->total_ns, s->span_ns);
		break;
	case ACT_ENTER:
		return enter(s);
	case ACT_BACK:
		return leave(s);
	case ACT_UP:
		move(s, -1);
		break;
	case ACT_DOWN:
		move(s, 1);
		break;
	case ACT_PAGE_UP:
		move(s, -(s64)l->page);
		break;
	case ACT_PAGE_DOWN:
		move(s, l->page);
		break;
	case ACT_FIRST:
		move_to(l, 0);
		break;
	case ACT_LAST:
		move_to(l, SIZE_MAX);
		break;
	case ACT_LEFT:
	case ACT_RIGHT:
		pan(s, action == ACT_LEFT ? -1 : 1);
		break;
	case ACT_ZOOM_IN:
	case ACT_ZOOM_OUT:
		zoom(s, action == ACT_ZOOM_IN);
		break;
	case ACT_ZOOM_ALL:
		s->span_ns = 0;
		break;
	case ACT_SELECT:
		if ((size_t)arg == l->cursor)
			return enter(s) | EFFECT_DRAW;
		move_to(l, arg);
		break;
	case ACT_SAVE:
		return start_prompt(s, PROMPT_SAVE, s->save_as);
	case ACT_RESET:
		return EFFECT_DRAW | EFFECT_RESET;
	case ACT_REDRAW:
		return EFFECT_DRAW | EFFECT_REDRAW;
	case ACT_QUIT:
		return EFFECT_QUIT;
	default:
		return replay_act(s, action);
	}
	return EFFECT_DRAW;
}

/* Rows follow what is typed. */
static unsigned int prompt_changed(struct tui_state *s)
{
	if (s->prompt == PROMPT_FILTER) {
		memcpy(s->lists[s->screen].filter, s->text, sizeof(s->text));
	} else if (s->prompt == PROMPT_SEARCH && s->text_len) {
		memcpy(s->search, s->text, sizeof(s->search));
		s->found = true;
		s->search_step = 1;
	}
	return EFFECT_DRAW;
}

static unsigned int end_prompt(struct tui_state *s)
{
	const bool save = s->prompt == PROMPT_SAVE && s->text_len;

	/* Once more, for what there is to say if nothing has it. */
	if (s->prompt == PROMPT_SEARCH)
		prompt_changed(s);
	s->prompt = PROMPT_NONE;
	return EFFECT_DRAW | (save ? EFFECT_SAVE : 0);
}

static unsigned int leave_prompt(struct tui_state *s)
{
	struct tui_list *l = &s->lists[s->screen];

	if (s->prompt == PROMPT_FILTER)
		memcpy(l->filter, s->before.filter, sizeof(l->filter));
	if (s->prompt == PROMPT_SEARCH)
		move_to(l, s->before.cursor);
	s->prompt = PROMPT_NONE;
	return EFFECT_DRAW;
}

/**
 * utf8_encode - a code point as UTF-8
 * @c: the code point
 * @to: room for four bytes
 *
 * Return: how many it takes.
 */
size_t utf8_encode(u32 c, char *to)
{
	if (c < 0x80) {
		to[0] = c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = 0xc0 | c >> 6;
		to[1] = 0x80 | (c & 0x3f);
		return 2;
	}
	if (c < 0x10000) {
		to[0] = 0xe0 | c >> 12;
		to[1] = 0x80 | (c >> 6 & 0x3f);
		to[2] = 0x80 | (c & 0x3f);
		return 3;
	}
	to[0] = 0xf0 | c >> 18;
	to[1] = 0x80 | (c >> 12 & 0x3f);
	to[2] = 0x80 | (c >> 6 & 0x3f);
	to[3] = 0x80 | (c & 0x3f);
	return 4;
}

static size_t char_before(const struct tui_state *s, size_t at)
{
	while (at && (s->text[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t char_after(const struct tui_state *s, size_t at)
{
	while (at < s->text_len && (s->text[++at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t word_before(const struct tui_state *s, size_t at)
{
	while (at && s->text[at - 1] == ' ')
		at--;
	while (at && s->text[at - 1] != ' ' && (at == s->text_at || s->text[at - 1] != '/'))
		at--;
	return at;
}

static unsigned int remove_text(struct tui_state *s, size_t from, size_t to)
{
	memmove(s->text + from, s->text + to, s->text_len + 1 - to);
	s->text_len -= to - from;
	s->text_at = from;
	return prompt_changed(s);
}

static unsigned int insert_char(struct tui_state *s, u32 key)
{
	char bytes[4];
	size_t n;

	if (key < 0x20 || key >= KEY_BASE)
		return 0;
	n = utf8_encode(key, bytes);
	if (s->text_len + n >= sizeof(s->text))
		return 0;
	memmove(s->text + s->text_at + n, s->text + s->text_at, s->text_len + 1 - s->text_at);
	memcpy(s->text + s->text_at, bytes, n);
	s->text_len += n;
	s->text_at += n;
	return prompt_changed(s);
}

/* As in a shell. */
static unsigned int prompt_key(struct tui_state *s, u32 key)
{
	switch (key) {
	case TKEY_ESC:
		return leave_prompt(s);
	case TKEY_ENTER:
	case '\r':
		return end_prompt(s);
	case TKEY_BACKSPACE:
	case 0x7f:
	case 0x08:
		return remove_text(s, char_before(s, s->text_at), s->text_at);
	case TKEY_DELETE:
		return remove_text(s, s->text_at, char_after(s, s->text_at));
	case 'U' & 0x1f:
		return remove_text(s, 0, s->text_at);
	case 'K' & 0x1f:
		return remove_text(s, s->text_at, s->text_len);
	case 'W' & 0x1f:
		return remove_text(s, word_before(s, s->text_at), s->text_at);
	case TKEY_LEFT:
		s->text_at = char_before(s, s->text_at);
		return EFFECT_DRAW;
	case TKEY_RIGHT:
		s->text_at = char_after(s, s->text_at);
		return EFFECT_DRAW;
	case TKEY_HOME:
	case 'A' & 0x1f:
		s->text_at = 0;
		return EFFECT_DRAW;
	case TKEY_END:
	case 'E' & 0x1f:
		s->text_at = s->text_len;
		return EFFECT_DRAW;
	default:
		return insert_char(s, key);
	}
}

/**
 * tui_key - a key was pressed
 * @s: the state
 * @key: a character or an enum tui_key
 *
 * Return: effects left to the caller.
 */
unsigned int tui_key(struct tui_state *s, u32 key)
{
	const unsigned int where = s->replay ? WHERE_REPLAY : WHERE_LIVE;
	unsigned int effects = *s->message ? EFFECT_DRAW : 0;
	size_t i, k;

	*s->message = '\0';
	if (s->prompt)
		return effects | prompt_key(s, key);
	if (key == 0x7f || key == 0x08)
		key = TKEY_BACKSPACE;
	for (i = 0; i < tui_bindings_nr; i++) {
		const struct tui_binding *b = &tui_bindings[i];

		if (!(b->where & where))
			continue;
		for (k = 0; k < ARRAY_SIZE(b->keys) && b->keys[k]; k++)
			if (b->keys[k] == key)
				return effects | tui_act(s, b->action, 0);
	}
	return effects;
}
