/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/server.h"
#include "core/pool/verdict.h"

G_BEGIN_DECLS

/**
 * IssAssignmentUse:
 *
 * One slot of one type on one server, as it was seen. Everything is borrowed
 * from the table.
 */
typedef struct
{
  IssServer                    *server;
  const IssObservedType        *type;
  IssSlot                       slot;
  const IssObservedSlot        *seen;
  const IssObservedCertificate *certificate;   /* (nullable): it has gone from the store */
  gboolean                      stale;         /* the server does not answer now */
} IssAssignmentUse;

/**
 * IssAssignmentRow:
 *
 * What one slot of one type uses on some of the servers: those that use the same
 * certificate share a row. A row without a certificate says where nothing is
 * assigned. Strings are translated, and never %NULL.
 */
typedef struct
{
  const IssCertificateType *known;          /* (nullable): a type this program does not know */
  char                     *type;           /* "OAuthTokenIssuer" */
  char                     *label;          /* "Server default" */
  char                     *group;          /* "Default certificate" */
  IssSlot                   slot;
  gboolean                  has_certificate;
  guint8                    sha256[32];
  guint8                    sha1[20];       /* all zero = not known */
  char                     *name;           /* friendly name, or whom it is issued to */
  char                     *issued_to;
  char                     *issued_by;
  gint64                    not_after;      /* 0 = not known */
  char                     *location;       /* "Local" | "Global"; "" without a certificate */
  char                     *state;          /* "3 of 3 published" */
  IssVerdict                verdict;
  IssRung                   rung;           /* the lowest of those that should have it */
  gboolean                  stale;          /* none of its servers answers now */
  GPtrArray                *servers;        /* (element-type IssServer) */
} IssAssignmentRow;

/* What a row is shown in, which decides what there is to say. */
typedef struct
{
  guint      n_servers;   /* whose assignments are shown */
  gint64     now;
  gint64     at;          /* as of which instant; 0 = now */
  GTimeZone *zone;        /* (nullable): UTC */
} IssAssignmentView;

/* (element-type IssAssignmentUse) */
IssAssignmentRow  *iss_assignment_row_new      (GPtrArray                *uses,
                                                const IssAssignmentView  *view)
                                                G_GNUC_WARN_UNUSED_RESULT;
/* (element-type IssServer) */
IssAssignmentRow  *iss_assignment_row_new_gap  (const char               *type,
                                                GPtrArray                *servers,
                                                const IssAssignmentView  *view)
                                                G_GNUC_WARN_UNUSED_RESULT;
void               iss_assignment_row_free     (IssAssignmentRow         *self);

G_END_DECLS
