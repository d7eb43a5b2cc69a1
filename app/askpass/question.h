/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ASKPASS_QUESTION_SECRET,     /* a passphrase, a password, a PIN */
  ASKPASS_QUESTION_HOST_KEY,   /* is this the right server? */
  ASKPASS_QUESTION_CONFIRM     /* any other yes or no */
} AskpassQuestionKind;

/* What ssh wants to know, taken apart; it may quote a server, so it is not trusted. */
typedef struct
{
  AskpassQuestionKind  kind;
  char                *text;          /* as it can be shown */
  char                *host;          /* (nullable) */
  char                *fingerprint;   /* (nullable) */
} AskpassQuestion;

AskpassQuestion *askpass_question_new     (const char            *prompt) G_GNUC_WARN_UNUSED_RESULT;
void             askpass_question_free    (AskpassQuestion       *self);

gboolean         askpass_question_matches (const AskpassQuestion *self,
                                           const char            *pasted);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AskpassQuestion, askpass_question_free)

G_END_DECLS
