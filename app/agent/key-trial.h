/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#define AGENT_KEY_TRIAL_CURRENT "privkey.pem"

G_BEGIN_DECLS

/* Whether an account of this server can read a private key in a made folder: tried, by opening it
 * as that account. Of a file that nobody could have put in its place. */

typedef enum
{
  AGENT_KEY_TRIAL_READ,
  AGENT_KEY_TRIAL_REFUSED,
  AGENT_KEY_TRIAL_TOKEN     /* there is no file: the key is in a token */
} AgentKeyTrial;

AgentKeyTrial  agent_key_trial_run  (const char  *account,
                                     const char  *path,
                                     int          folder,
                                     const char  *name,
                                     char       **out_why_not,
                                     gboolean    *out_grantable);

G_END_DECLS
