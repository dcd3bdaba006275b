/* SPDX-License-Identifier: ISC */
/* Tokens that a program prints. */
#include "oauth/command.h"

#include "config/secret.h"

/* What it prints stands in the dialogue, so it must be a token. */
int
command_token(const struct relay *relay, struct buf *to, struct error *err)
{
	char *const *command = relay->oauth->token_command;

	if (secret_read_command("token-command", command, to, err) != 0)
		return -1;
	for (size_t i = 0; i < to->len; i++)
		if (to->at[i] <= ' ' || to->at[i] > '~')
			return error_set(err, ERR_CONFIG,
			    "token-command %s: what it prints is no token",
			    command[0]);
	return 0;
}
