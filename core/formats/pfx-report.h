/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/pfx-opener.h"
#include "core/formats/pfx-outline.h"
#include "core/formats/pfx.h"

G_BEGIN_DECLS

/**
 * IssPfxReport:
 *
 * What is the matter with a file that is said to be a PFX: what can be seen without its
 * password, and with it what is in it or the one cause why it does not open.
 */
typedef struct
{
  IssPfxOutline *outline;   /* (nullable): it is no PFX file, or not even an outline is left */
  IssBundle     *bundle;    /* (nullable): it does not open */
  IssPfxCause    cause;
  char          *message;   /* (nullable): a sentence about the cause, without its full stop */
} IssPfxReport;

typedef enum
{
  ISS_PFX_LINE_HEADING,
  ISS_PFX_LINE_FACT,
  ISS_PFX_LINE_GOOD,
  ISS_PFX_LINE_WARNING,
  ISS_PFX_LINE_BAD
} IssPfxLineKind;

/* One line of a report as people read it. */
typedef struct
{
  IssPfxLineKind  kind;
  char           *name;     /* "" if the value goes on with the line before */
  char           *value;    /* "" of a heading */
} IssPfxLine;

IssPfxReport *iss_pfx_report_new            (GBytes             *bytes,
                                             IssSecret          *password)
                                             G_GNUC_WARN_UNUSED_RESULT;
IssPfxReport *iss_pfx_report_new_from_error (const GError       *error)
                                             G_GNUC_WARN_UNUSED_RESULT;
void          iss_pfx_report_free           (IssPfxReport       *self);

const char   *iss_pfx_report_get_cause_word (const IssPfxReport *self);   /* (nullable) */
const char   *iss_pfx_report_get_integrity_word (const IssPfxReport *self);   /* (nullable) */
GPtrArray    *iss_pfx_report_dup_lines      (const IssPfxReport *self,
                                             GTimeZone          *zone)
                                             G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssPfxReport, iss_pfx_report_free)

G_END_DECLS
