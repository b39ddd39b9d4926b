// SPDX-License-Identifier: GPL-2.0-only
/*
 * audit - have the kernel audit every finit_module() and init_module()
 *
 * Without a daemon the records go to the kernel's log.
 */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Returns what the kernel answered, 0 or a negative errno. */
static int request(int netlink, int type, const void *data, size_t size)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr head;
		char data[sizeof(struct audit_rule_data)];
	} message = {
		.head = {
			.nlmsg_len = NLMSG_LENGTH(size),
			.nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
	};
	struct {
		struct nlmsghdr head;
		struct nlmsgerr err;
	} answer;

	memcpy(message.data, data, size);
	if (sendto(netlink, &message, message.head.nlmsg_len, 0, (struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0 ||
	    recv(netlink, &answer, sizeof(answer), 0) < 0 ||
	    answer.head.nlmsg_type != NLMSG_ERROR) {
		perror("audit");
		return -1;
	}
	return answer.err.error;
}

int main(void)
{
	int netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
	struct audit_status status = {
		.mask = AUDIT_STATUS_ENABLED | AUDIT_STATUS_BACKLOG_LIMIT,
		.enabled = 1,
		.backlog_limit = 8192,
	};
	struct audit_rule_data rule = {
		.flags = AUDIT_FILTER_EXIT,
		.action = AUDIT_ALWAYS,
	};
	int calls[] = { SYS_init_module, SYS_finit_module };
	int err;

	if (netlink < 0) {
		perror("audit");
		return 1;
	}
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		rule.mask[AUDIT_WORD(calls[i])] |= AUDIT_BIT(calls[i]);
	err = request(netlink, AUDIT_SET, &status, sizeof(status)) ?:
	      request(netlink, AUDIT_ADD_RULE, &rule, sizeof(rule));
	if (err)
		fprintf(stderr, "audit: %s\n", strerror(-err));
	return !!err;
}
