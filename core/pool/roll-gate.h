/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

/**
 * IssRollGateLine:
 *
 * Whether one server is ready for the roll of a type.
 */
typedef struct
{
  IssServer *server;     /* owned */
  gboolean   is_ready;
  gboolean   is_held;    /* something is staged there and waits to be armed */
  char      *text;       /* "published", or what is missing and what will break; translated */
  char      *remedy;     /* (nullable): the line to be typed that puts it right */
} IssRollGateLine;

/* Stage, then arm: what is staged on a pool rolls only when every server of it has published
 * the staged key, so that none gets tokens that it cannot verify, and when no service of it would
 * be left with the old one because its account cannot read the new key. */

gboolean    iss_roll_gate_is_excepted (IssServer        *server,
                                     const char *const  *excepted);
/* (element-type IssRollGateLine), in the pool's order */
GPtrArray  *iss_roll_gate_list      (IssPool            *pool,
                                     const char         *type,
                                     const char *const  *excepted) G_GNUC_WARN_UNUSED_RESULT;
gboolean    iss_roll_gate_is_open   (GPtrArray          *lines);
/* "fe03 …; fe04 …" (nullable): all are ready */
char       *iss_roll_gate_dup_reason (GPtrArray         *lines) G_GNUC_WARN_UNUSED_RESULT;
/* what to type, a line each (nullable): nothing can be typed that helps */
char       *iss_roll_gate_dup_remedy (GPtrArray         *lines) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
