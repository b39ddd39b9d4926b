/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the user of the screens has chosen, and what an action changes of it: (state, action) to
 * effect bits. Pure. THE table of keys is here: dispatch, footer and help are made from it.
 */
#ifndef MODTRACE_TUI_STATE_H
#define MODTRACE_TUI_STATE_H

#include "lib/util.h"

enum tui_screen {
	SCREEN_MODULES,
	SCREEN_MODULE,
	SCREEN_FINDINGS,
	SCREEN_REQUESTERS,
	SCREEN_LOG,
	SCREEN_HELP,
	SCREEN_NR
};

enum tui_action {
	ACT_NONE,
	ACT_HELP,
	ACT_FINDINGS,
	ACT_REQUESTERS,
	ACT_LOG,
	ACT_SEARCH,
	ACT_SEARCH_NEXT,
	ACT_SEARCH_BACK,
	ACT_FILTER,
	ACT_SORT_LEFT,
	ACT_SORT_RIGHT,
	ACT_SORT_BY,		/* arg: the column */
	ACT_INVERT,
	ACT_PAUSE,
	ACT_FOLLOW,
	ACT_ENTER,
	ACT_BACK,
	ACT_UP,
	ACT_DOWN,
	ACT_PAGE_UP,
	ACT_PAGE_DOWN,
	ACT_FIRST,
	ACT_LAST,
	ACT_LEFT,
	ACT_RIGHT,
	ACT_ZOOM_IN,
	ACT_ZOOM_OUT,
	ACT_ZOOM_ALL,
	ACT_SELECT,		/* arg: the row; of the one selected already, ENTER */
	ACT_SAVE,
	ACT_RESET,
	ACT_SLOWER,
	ACT_FASTER,
	ACT_STEP,
	ACT_SEEK_BACK,
	ACT_SEEK_ON,
	ACT_SEEK_START,
	ACT_SEEK_END,
	ACT_REDRAW,
	ACT_QUIT,
	ACT_NR
};

/* What is left to do outside of the state. */
enum tui_effect {
	EFFECT_DRAW = 1 << 0,	/* something shows differently */
	EFFECT_REDRAW = 1 << 1,	/* draw all anew */
	EFFECT_FREEZE = 1 << 2,	/* stop what is shown */
	EFFECT_THAW = 1 << 3,
	EFFECT_SAVE = 1 << 4,	/* to the file named in the prompt */
	EFFECT_RESET = 1 << 5,	/* forget all and begin again */
	EFFECT_PLAY = 1 << 6,	/* a recording: play from here, or stop */
	EFFECT_STEP = 1 << 7,
	EFFECT_SEEK = 1 << 8,	/* to @seek */
	EFFECT_QUIT = 1 << 9,
};

/* Keys that are no character; above Unicode. */
enum tui_key {
	KEY_BASE = 0x110000,
	TKEY_UP, TKEY_DOWN, TKEY_LEFT, TKEY_RIGHT, TKEY_PAGE_UP, TKEY_PAGE_DOWN, TKEY_HOME,
	TKEY_END, TKEY_BACKSPACE, TKEY_DELETE,
	TKEY_F0 = KEY_BASE + 0x100,
};

#define TKEY_F(n) (TKEY_F0 + (n))
#define TKEY_ENTER '\n'
#define TKEY_ESC 0x1b

/* In what a key counts. */
enum tui_where { WHERE_LIVE = 1, WHERE_REPLAY = 2, WHERE_BOTH = 3 };

/**
 * struct tui_binding - keys and what they do
 * @keys: up to four, ended by 0
 * @action: what they do
 * @names: of the keys, for the help
 * @button: for the footer: key and word; NULL for none
 * @word: likewise
 * @where: live, in a recording, or both
 * @help: one line
 */
struct tui_binding {
	u32 keys[4];
	enum tui_action action;
	const char *names;
	const char *button;
	const char *word;
	enum tui_where where;
	const char *help;
};

extern const struct tui_binding tui_bindings[];
extern const size_t tui_bindings_nr;

enum tui_prompt { PROMPT_NONE, PROMPT_SEARCH, PROMPT_FILTER, PROMPT_SAVE };

#define TUI_TEXT 128
#define TUI_SORT_DEFAULT (-1)

/**
 * struct tui_list - where the user is in a screen's rows
 * @nr: rows there are; the screen tells
 * @page: rows that fit; likewise
 * @cursor: the row chosen
 * @top: the first one shown
 * @key: what the chosen row is, so that it stays chosen wherever it moves
 * @has_key: @key is known
 * @moved: the user went to another row: @key follows @cursor, not the other way round
 * @chosen: the user has been there; until then the cursor is on the first row, whatever that is
 * @sort: column of the order; TUI_SORT_DEFAULT for the screen to choose
 * @invert: the other way round
 * @columns: how many there are; the screen tells
 * @hidden: bit per column that isn't seen; likewise
 * @empty: bit per column that has no data, and no order; likewise
 * @had: bit per column that had data at some time; likewise. So nothing moves when a recording plays
 * @filter: what rows must have
 */
struct tui_list {
	size_t nr;
	size_t page;
	size_t cursor;
	size_t top;
	u64 key;
	bool has_key;
	bool moved;
	bool chosen;
	int sort;
	bool invert;
	int columns;
	u32 hidden;
	u32 empty;
	u32 had;
	char filter[TUI_TEXT];
};

/**
 * struct tui_state - everything chosen
 * @screen: what is shown
 * @back: the screens Esc goes back to, the last one next
 * @depth: how many
 * @replay: of a recording, not live
 * @width: of the terminal
 * @height: likewise
 * @lists: by screen
 * @module: the module of the module view, the model's string
 * @chosen_module: the one ENTER leads to; the screen tells, NULL if none
 * @chosen_note: what ENTER says instead, where it leads nowhere; likewise, empty for nothing
 * @chosen_blame: instead, ENTER leads to the requesters; likewise
 * @chosen_from_ns: when its attempts began, after the start; the screen tells
 * @chosen_to_ns: when the last of them ended, or now; 0 if that isn't known
 * @outer: the time that was shown before the module view
 * @paused: the view stands; in a recording, it isn't playing
 * @follow: the end of the time shown is now
 * @span_ns: how much time is shown, 0 for all
 * @from_ns: where it begins, after the start, if it is neither all nor following
 * @total_ns: how much there is; the screen tells
 * @now_ns: of that, how much has been; likewise. More is to come where a recording is played
 * @has_focus: there is something chosen in time; the screen tells
 * @focus_ns: when it was, after the start
 * @speed: of a replay, as a power of two
 * @seek_ns: where a replay is, and where EFFECT_SEEK leads, after the start
 * @seek_step_ns: how far a step of seeking goes
 * @prompt: what is being typed
 * @text: it
 * @text_len: bytes of it
 * @text_at: where the next goes
 * @search: what to look for
 * @found: a search begins at the cursor, not behind it
 * @search_step: where to look: 1 on, -1 back, 0 nowhere
 * @before: the filter, or the row, to go back to with Esc
 * @save_as: a name for a report that no file has; the caller tells
 * @message: one line for the user, until the next key
 */
struct tui_state {
	enum tui_screen screen;
	enum tui_screen back[SCREEN_NR];
	unsigned int depth;
	bool replay;
	int width;
	int height;
	struct tui_list lists[SCREEN_NR];
	const char *module;
	const char *chosen_module;
	char chosen_note[200];
	bool chosen_blame;
	u64 chosen_from_ns;
	u64 chosen_to_ns;
	struct {
		bool kept;
		bool follow;
		u64 span_ns;
		u64 from_ns;
	} outer;
	bool paused;
	bool follow;
	u64 span_ns;
	u64 from_ns;
	u64 total_ns;
	u64 now_ns;
	bool has_focus;
	u64 focus_ns;
	int speed;
	u64 seek_ns;
	u64 seek_step_ns;
	enum tui_prompt prompt;
	char text[TUI_TEXT];
	size_t text_len;
	size_t text_at;
	char search[TUI_TEXT];
	bool found;
	int search_step;
	struct {
		char filter[TUI_TEXT];
		size_t cursor;
	} before;
	char save_as[32];
	char message[256];
};

void tui_state_init(struct tui_state *s, bool replay);
unsigned int tui_key(struct tui_state *s, u32 key);
unsigned int tui_act(struct tui_state *s, enum tui_action action, int arg);
void tui_state_forget(struct tui_state *s);
void tui_time_window(const struct tui_state *s, u64 *from_ns, u64 *to_ns);
void tui_list_settle(struct tui_list *l, size_t nr, size_t page);
size_t utf8_encode(u32 c, char *to);
void tui_message(struct tui_state *s, const char *fmt, ...) __printf(2, 3);

#endif
