// SPDX-License-Identifier: GPL-2.0-only
#include "views/aliases.h"

/* What request_module() is called with that is no module's own name begins like one of these. */
static const char *const prefixes[] = {
	"net-pf-",
	"char-major-",
	"block-major-",
	"fs-",
	"crypto-",
	"binfmt-",
	"netdev-",
	"rtnl-",
	"tty-ldisc-",
	"nfct-helper-",
	"nft-",
	"tcp-ulp-",
	"nfnetlink-subsys-",
	"snd-card-",
	"sound-slot-",
	"sound-service-",
	"xfrm-type-",
	"rpc-auth-",
	"rdma-netlink-subsys-",
	"net-l2tp-type-",
	"w1-family-",
	"md-level-",
	"snd-seq-client-",
};

/* THE table of numbers in aliases; as in linux/netlink.h, linux/socket.h and linux/miscdevice.h. */
static const struct family {
	const char *prefix;
	const char *ahead;
	const char *const *names;
	size_t nr;
} families[] = {
#define FAMILY(prefix, ahead, ...)                                         \
	{                                                                  \
		prefix, ahead, (const char *const[]){ __VA_ARGS__ },       \
			ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })) \
	}
	/* The longer prefix first. */
	FAMILY("net-pf-16-proto-", "NETLINK_", [0] = "ROUTE", [2] = "USERSOCK", [4] = "SOCK_DIAG",
	       [5] = "NFLOG", [6] = "XFRM", [7] = "SELINUX", [8] = "ISCSI", [9] = "AUDIT",
	       [10] = "FIB_LOOKUP", [11] = "CONNECTOR", [12] = "NETFILTER", [15] = "KOBJECT_UEVENT",
	       [16] = "GENERIC", [18] = "SCSITRANSPORT", [19] = "ECRYPTFS", [20] = "RDMA",
	       [21] = "CRYPTO", [22] = "SMC"),
	FAMILY("net-pf-", "AF_", [1] = "UNIX", [2] = "INET", [3] = "AX25", [4] = "IPX",
	       [5] = "APPLETALK", [6] = "NETROM", [8] = "ATMPVC", [9] = "X25", [10] = "INET6",
	       [11] = "ROSE", [12] = "DECnet", [15] = "KEY", [16] = "NETLINK", [17] = "PACKET",
	       [19] = "ECONET", [20] = "ATMSVC", [21] = "RDS", [23] = "IRDA", [24] = "PPPOX",
	       [26] = "LLC", [28] = "MPLS", [29] = "CAN", [30] = "TIPC", [31] = "BLUETOOTH",
	       [32] = "IUCV", [33] = "RXRPC", [34] = "ISDN", [35] = "PHONET", [36] = "IEEE802154",
	       [37] = "CAIF", [38] = "ALG", [39] = "NFC", [40] = "VSOCK", [41] = "KCM",
	       [42] = "QIPCRTR", [43] = "SMC", [44] = "XDP", [45] = "MCTP"),
	FAMILY("char-major-10-", "/dev/", [130] = "watchdog", [135] = "rtc", [137] = "vhci",
	       [144] = "nvram", [175] = "agpgart", [183] = "hwrng", [196] = "vfio/vfio",
	       [200] = "net/tun", [203] = "cuse", [223] = "uinput", [228] = "hpet", [229] = "fuse",
	       [231] = "snapshot", [232] = "kvm", [234] = "btrfs-control", [235] = "autofs",
	       [236] = "mapper/control", [237] = "loop-control", [238] = "vhost-net",
	       [239] = "uhid", [240] = "userio", [241] = "vhost-vsock", [242] = "rfkill"),
#undef FAMILY
};

/**
 * alias_is_one - whether a name is an alias, not a module's own name
 * @name: the name that was requested
 *
 * Return: true if it begins as the kernel's aliases do, or is a modalias ("pci:...").
 */
bool alias_is_one(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])) && name[strlen(prefixes[i])])
			return true;
	return strchr(name, ':');
}

/**
 * alias_is_plain - whether a name can stand in a line of modprobe.d, and in a file's name
 * @name: the name that was requested, which users may choose (as mount -t does)
 *
 * Return: true if it has no other characters than names of modules and aliases have.
 */
bool alias_is_plain(const char *name)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-:";

	return *name && *name != '-' && strlen(name) < 64 && !name[strspn(name, plain)];
}

/**
 * alias_meaning - what a well known alias stands for
 * @name: the name that was requested
 * @text: "NETLINK_AUDIT", "AF_INET6", "/dev/kvm"
 * @size: room for it
 *
 * Return: false if it isn't known; @text is empty then.
 */
bool alias_meaning(const char *name, char *text, size_t size)
{
	size_t i;

	*text = '\0';
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		const struct family *f = &families[i];
		const char *digits = name + strlen(f->prefix);
		size_t len, n = 0, at;

		if (strncmp(name, f->prefix, strlen(f->prefix)))
			continue;
		len = strspn(digits, "0123456789");
		for (at = 0; at < len && n < f->nr; at++)
			n = n * 10 + (digits[at] - '0');
		if (!len || (digits[len] && digits[len] != '-') || n >= f->nr || !f->names[n])
			continue;
		snprintf(text, size, "%s%s", f->ahead, f->names[n]);
		return true;
	}
	return false;
}

/**
 * alias_built_in - what a kernel has to be built with, where no module answers an alias
 * @name: the name that was requested
 *
 * Return: an option of the kernel's configuration, static; NULL for an alias that a module may have.
 */
const char *alias_built_in(const char *name)
{
	return !strcmp(name, "net-pf-16-proto-9") ? "CONFIG_AUDIT" : NULL;
}
