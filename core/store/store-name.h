/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * IssStoreName:
 *
 * The logical stores of a server, in the order in which the console lists them.
 */
typedef enum
{
  ISS_STORE_MY,
  ISS_STORE_ROOT,
  ISS_STORE_CA,
  ISS_STORE_TRUSTEDPEOPLE,
  ISS_STORE_DISALLOWED,
  ISS_STORE_REQUEST,
  ISS_STORE_AUTHROOT,      /* the system's CA bundle: read only */
  ISS_N_STORES
} IssStoreName;

const char  *iss_store_name_get_nick      (IssStoreName   self);   /* "my" */
const char  *iss_store_name_get_label     (IssStoreName   self);   /* "Personal", translated */
gboolean     iss_store_name_is_read_only  (IssStoreName   self);
gboolean     iss_store_name_parse         (const char    *nick,
                                           IssStoreName  *out_store,
                                           GError       **error);

G_END_DECLS
