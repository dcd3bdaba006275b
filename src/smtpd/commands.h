/* SPDX-License-Identifier: ISC */
/* The commands. Private to smtpd/. */
#ifndef SMTPD_COMMANDS_H
#define SMTPD_COMMANDS_H

#include "smtpd/dialogue.h"

/* Does what line asks for, if it can be done now, and adds the reply. */
void commands_run(struct dialogue *g, struct span line);

/* Of one command each, with what stands behind its name. */
typedef void command(struct dialogue *g, struct span argument);

/* mail_rcpt.c */
command take_mail, take_rcpt;

/* content.c */
command take_data, take_bdat;

#endif
