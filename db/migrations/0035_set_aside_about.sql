-- The complaints that a mail which was set aside names, answers or repeats: who may not see one of them does not see the mail
-- either. Null: nobody has looked.
alter table inbound_mail add about uuid[];
