/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/base/secret.h"

G_BEGIN_DECLS

/* A GtkPasswordEntry whose text is in an IssSecretBuffer. */

void       iss_secret_entry_protect     (GtkPasswordEntry *entry);

IssSecret *iss_secret_entry_dup_secret  (GtkPasswordEntry *entry) G_GNUC_WARN_UNUSED_RESULT;
gboolean   iss_secret_entry_is_empty    (GtkPasswordEntry *entry);
void       iss_secret_entry_clear       (GtkPasswordEntry *entry);

G_END_DECLS
