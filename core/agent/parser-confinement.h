/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The walls around the process that reads foreign files: no network, no files, no other
 * programs, little memory and time. */

/* Sanitizers map terabytes. */
#if defined (__SANITIZE_ADDRESS__)
#define ISS_PARSER_CONFINEMENT_MEMORY G_MAXUINT64
#else
#define ISS_PARSER_CONFINEMENT_MEMORY (G_GUINT64_CONSTANT (384) * 1024 * 1024)
#endif

/* The costliest file that is accepted takes about 2 (ISS_PFX_MAX_TOTAL), or ten times as long
 * with a sanitizer. */
#define ISS_PARSER_CONFINEMENT_CPU_SECONDS 30

/* What this kernel, or the container around us, does not have. The values cross the wire. */
typedef enum
{
  ISS_PARSER_LACKS_LANDLOCK = 1 << 0,
  ISS_PARSER_LACKS_SECCOMP = 1 << 1
} IssParserLacks;

#define ISS_PARSER_LACKS_ALL (ISS_PARSER_LACKS_LANDLOCK | ISS_PARSER_LACKS_SECCOMP)

IssParserLacks  iss_parser_confinement_get_lacks (void);
/* (nullable): nothing is missing */
char           *iss_parser_confinement_dup_text  (IssParserLacks   lacks,
                                                  const char      *server_name)
                                                  G_GNUC_WARN_UNUSED_RESULT;
gboolean        iss_parser_confinement_enter     (GError  **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
