// SPDX-License-Identifier: GPL-2.0-only
#include "recorder/systemd.h"
#include "unit.h"

/* What modtrace-formats(5) says that prints it. */
#define COMMAND \
	"systemd-id128 machine-id --app-specific=6e3b51d09a2c4f87b1e47025c85d931f 2>/dev/null"

static void id_is_systemds(void **state)
{
	char id[MACHINE_ID_SIZE], wanted[64] = "";
	FILE *f = popen(COMMAND, "r");

	(void)state;
	assert_non_null(f);
	if (!fgets(wanted, sizeof(wanted), f))
		*wanted = '\0';
	if (pclose(f) || !*wanted) {
		/* No id here, or nobody to tell. */
		skip();
		return;
	}
	assert_int_equal(systemd_machine_id(id), 0);
	wanted[strcspn(wanted, "\n")] = '\0';
	assert_string_equal(id, wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(id_is_systemds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
