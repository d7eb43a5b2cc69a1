/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/assignment.h"

G_BEGIN_DECLS

#define ISS_TRANSITION_MAX_TYPED 64   /* characters */
#define ISS_TRANSITION_MAX_ZONE 64

typedef enum
{
  ISS_TRANSITION_SET,               /* words, not values, cross the wire */
  ISS_TRANSITION_STAGE,
  ISS_TRANSITION_ROLL,
  ISS_TRANSITION_ARM,
  ISS_TRANSITION_POSTPONE,
  ISS_TRANSITION_CANCEL,            /* removes the staged one */
  ISS_TRANSITION_SWAP_BACK,
  ISS_TRANSITION_REPLACE,           /* one that was used is compromised */
  ISS_TRANSITION_REMOVE_CURRENT,
  ISS_TRANSITION_REMOVE_PREVIOUS,
  ISS_N_TRANSITIONS
} IssTransitionKind;

/* What becomes of the staged one when another is made current at once. */
typedef enum
{
  ISS_STAGED_ASK,      /* refused: whoever sets has to say */
  ISS_STAGED_KEEP,     /* it still rolls at its instant */
  ISS_STAGED_CANCEL
} IssStagedFate;

/**
 * IssValidity:
 *
 * From when until when a certificate is valid, and what it is called; all 0 = not known.
 */
typedef struct
{
  const char *name;
  gint64      not_before;
  gint64      not_after;
} IssValidity;

/**
 * IssTransition:
 *
 * One change of what a type uses, with what has to be known to judge it. Everything borrowed.
 */
typedef struct
{
  IssTransitionKind  kind;
  gint64             now;
  const char        *sha256_hex;             /* set, stage, replace: 64 lower-case hex digits */
  const char        *compromised_hex;        /* replace: which, in the same form */
  IssStagedFate      staged;                 /* set, swap back */

  /* stage, postpone */
  gint64             instant;
  const char        *typed;                  /* (nullable): as somebody typed it */
  const char        *zone;                   /* (nullable): where it was typed */
  gboolean           held;                   /* stage: it waits to be armed */

  /* Of the certificates that are there before. */
  IssValidity        given;                  /* of @sha256_hex */
  IssValidity        slot[ISS_N_SLOTS];
} IssTransition;

const char  *iss_transition_get_name      (IssTransitionKind         kind);   /* "swap-back" */
const char  *iss_transition_get_label     (IssTransitionKind         kind);   /* translated */
char        *iss_transition_dup_help      (IssTransitionKind         kind)
                                           G_GNUC_WARN_UNUSED_RESULT;
gboolean     iss_transition_parse         (const char               *name,
                                           IssTransitionKind        *out_kind,
                                           GError                  **error);

char        *iss_transition_dup_stops     (const IssCertificateType *type)
                                           G_GNUC_WARN_UNUSED_RESULT;
/* (element-type IssFinding) */
GPtrArray   *iss_transition_judge         (const IssAssignment      *assignment,
                                           const IssCertificateType *type,
                                           const IssTransition      *transition)
                                           G_GNUC_WARN_UNUSED_RESULT;
gboolean     iss_transition_apply         (IssAssignment            *assignment,
                                           const IssTransition      *transition);

G_END_DECLS
