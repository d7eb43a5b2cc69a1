/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ISS_TYPE_SECRET (iss_secret_get_type ())

/* Bytes that live in locked memory and are wiped when the last reference goes:
 * passwords, PINs, private keys in clear. Never a property, never logged. */
typedef struct _IssSecret IssSecret;

GType          iss_secret_get_type      (void) G_GNUC_CONST;

void           iss_secret_init_memory   (void);

IssSecret     *iss_secret_new           (gconstpointer   data,
                                         gsize           size) G_GNUC_WARN_UNUSED_RESULT;
IssSecret     *iss_secret_new_sized     (gsize           size,
                                         gpointer       *out_data) G_GNUC_WARN_UNUSED_RESULT;
IssSecret     *iss_secret_take_string   (char           *string) G_GNUC_WARN_UNUSED_RESULT;
IssSecret     *iss_secret_read_fd       (int             fd,
                                         gsize           limit,
                                         const char     *what,
                                         GError        **error) G_GNUC_WARN_UNUSED_RESULT;
IssSecret     *iss_secret_without_newline (IssSecret    *self) G_GNUC_WARN_UNUSED_RESULT;

IssSecret     *iss_secret_ref           (IssSecret      *self);
void           iss_secret_unref         (IssSecret      *self);

gconstpointer  iss_secret_get_data      (IssSecret      *self,
                                         gsize          *out_size);
gsize          iss_secret_get_size      (IssSecret      *self);
const char    *iss_secret_get_string    (IssSecret      *self);
gboolean       iss_secret_equal         (IssSecret      *self,
                                         IssSecret      *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssSecret, iss_secret_unref)

G_END_DECLS
