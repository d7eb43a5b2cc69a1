/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/base/secret.h"

G_BEGIN_DECLS

#define ISS_SECRET_BUFFER_MAX_SIZE 4096   /* bytes */

#define ISS_TYPE_SECRET_BUFFER (iss_secret_buffer_get_type ())

/* The text of an entry for a password. */
G_DECLARE_FINAL_TYPE (IssSecretBuffer, iss_secret_buffer, ISS, SECRET_BUFFER, GtkEntryBuffer)

IssSecretBuffer *iss_secret_buffer_new           (void) G_GNUC_WARN_UNUSED_RESULT;

void             iss_secret_buffer_expect        (IssSecretBuffer *self,
                                                  const char      *text);
gboolean         iss_secret_buffer_is_expecting  (IssSecretBuffer *self);
void             iss_secret_buffer_set_shown     (IssSecretBuffer *self,
                                                  gboolean         shown);
IssSecret       *iss_secret_buffer_dup_secret    (IssSecretBuffer *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
