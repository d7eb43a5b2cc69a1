/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/secret.h"

G_BEGIN_DECLS

/* What was typed: a verb, options, and what stands without one. The options are
 * one table for all verbs; each verb says which of them it takes. */
typedef struct _CtlCommandLine CtlCommandLine;

CtlCommandLine     *ctl_command_line_parse        (int                  argc,
                                                   const char *const   *argv,
                                                   GError             **error)
                                                   G_GNUC_WARN_UNUSED_RESULT;
void                ctl_command_line_free         (CtlCommandLine      *self);
gboolean            ctl_command_line_needs_value  (const char          *word);
/* 0: there is none */
int                 ctl_command_line_find_verb    (int                  argc,
                                                   const char *const   *argv);
void                ctl_command_line_set_password (CtlCommandLine      *self,
                                                   IssSecret           *password);
/* (nullable) */
IssSecret          *ctl_command_line_get_password (CtlCommandLine      *self);

const char         *ctl_command_line_get_verb     (CtlCommandLine      *self);   /* (nullable) */
const char         *ctl_command_line_get          (CtlCommandLine      *self,
                                                   const char          *option);   /* (nullable) */
gboolean            ctl_command_line_has          (CtlCommandLine      *self,
                                                   const char          *option);
const char *const  *ctl_command_line_get_rest     (CtlCommandLine      *self);
gboolean            ctl_command_line_check        (CtlCommandLine      *self,
                                                   const char *const   *options,
                                                   guint                n_rest,
                                                   GError             **error);
/* "at" for "as-of", else itself */
const char         *ctl_command_line_get_spelling (const char          *option);
/* "T": for help */
const char         *ctl_command_line_get_argument (const char          *option);
const char         *ctl_command_line_get_help     (const char          *option);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlCommandLine, ctl_command_line_free)

G_END_DECLS
