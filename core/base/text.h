/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Text from outside: limits, invisible characters, hex. */

#define ISS_SHA1_SIZE 20
#define ISS_SHA256_SIZE 32

char      *iss_text_sanitise          (const char    *text,
                                       gssize         length,
                                       gsize          max_characters) G_GNUC_WARN_UNUSED_RESULT;
gboolean   iss_text_is_clean          (const char    *text,
                                       gsize          max_characters);

char      *iss_text_hex               (gconstpointer  data,
                                       gsize          size,
                                       gboolean       upper) G_GNUC_WARN_UNUSED_RESULT;
GBytes    *iss_text_parse_hex         (const char    *text) G_GNUC_WARN_UNUSED_RESULT;

char      *iss_text_thumbprint        (GBytes        *sha1) G_GNUC_WARN_UNUSED_RESULT;
char      *iss_text_thumbprint_short  (GBytes        *sha1) G_GNUC_WARN_UNUSED_RESULT;
GBytes    *iss_text_parse_thumbprint  (const char    *typed,
                                       GError       **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean   iss_text_is_host_name      (const char    *text);
gboolean   iss_text_is_dns_domain     (const char    *text);

char      *iss_text_dup_short_host    (const char        *name) G_GNUC_WARN_UNUSED_RESULT;
char      *iss_text_join_names        (const char *const *names) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
