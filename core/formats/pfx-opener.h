/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/pfx-outline.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_PFX_OPENER_YES,
  ISS_PFX_OPENER_NO,
  ISS_PFX_OPENER_IF,        /* under a condition, or not in every version */
  ISS_PFX_OPENER_UNKNOWN    /* nothing is known about it */
} IssPfxOpenerVerdict;

/**
 * IssPfxOpener:
 *
 * A program, and whether it opens a PFX file, as far as that can be told from how the file
 * is encrypted and sealed.
 */
typedef struct
{
  const char          *name;      /* translated */
  IssPfxOpenerVerdict  verdict;
  const char          *reason;    /* (nullable): translated; none with a plain yes */
} IssPfxOpener;

#define ISS_PFX_OPENER_N 6

const char   *iss_pfx_opener_verdict_word (IssPfxOpenerVerdict  verdict);
char         *iss_pfx_opener_dup_text     (const IssPfxOpener  *self) G_GNUC_WARN_UNUSED_RESULT;
IssPfxOpener  iss_pfx_opener_judge        (const IssPfxOutline *outline,
                                           guint                index);

G_END_DECLS
