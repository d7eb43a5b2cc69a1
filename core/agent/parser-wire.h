/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/bundle.h"

G_BEGIN_DECLS

/* What the process that reads a file answers: a header that says how much follows, then the
 * bundle or an error. It may have been taken over by the file: nothing of it is trusted. */

#define ISS_PARSER_WIRE_HEADER_SIZE 8
#define ISS_PARSER_WIRE_MAX_ANSWER (16 * 1024 * 1024)

/* with its header */
IssSecret  *iss_parser_wire_pack         (IssBundle     *bundle,
                                          const GError  *failure) G_GNUC_WARN_UNUSED_RESULT;
IssSecret  *iss_parser_wire_pack_sound   (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean    iss_parser_wire_read_header  (const guint8  *header,
                                          gsize         *out_size);
/* for what is no answer, or none at all */
const char *iss_parser_wire_get_failed   (void);
/* without its header */
IssBundle  *iss_parser_wire_unpack       (IssSecret     *answer,
                                          GError       **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    iss_parser_wire_unpack_sound (IssSecret     *answer,
                                          const char    *failed,
                                          GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
